// A response while it is written: each token is tinted by WAAD when its attention is known, and a bar below it grows with its
// FAI as later tokens look back at it. Curves of both grow below the text.

import { el } from 'upbeat/dom.js';
import { createGrowing } from 'upbeat/live/growing.js';
import { metric, statistics } from 'upbeat/metrics.js';
import { count, format } from 'upbeat/numbers.js';
import { onTheme, ramp } from 'upbeat/theme.js';
import { visible } from 'upbeat/wrap.js';

const SAY = 250; // milliseconds between two counts of tokens
const BAR = 16; // heights of the bar

/**
 * Fills an element with an empty response; `say(text)` tells how it goes. Returns {add(event, data), finish(), ids, start}: add
 * takes the events of `/v1/generate`; `start` is the data of the first.
 */
export function createAnswer(host, say) {
  const text = el('div', { class: 'stream', role: 'log', 'aria-live': 'off', 'aria-label': 'Answer', tabindex: '0' });
  const curves = el('div', { class: 'growing' });
  host.replaceChildren(
    el('p', { class: 'note guide' }, el('b', {}, 'Tint'), ': WAAD, how far back the local heads look. ', el('b', {}, 'Bar below'), ': FAI, how much later tokens look back.'),
    text, curves);
  const plots = createGrowing(curves, [metric('waad'), metric('fai')]);
  const tokens = []; // {span, tint, bar}
  const series = { waad: [], fai: [] };
  const answer = { add, finish, ids: [], start: null };
  let frame = 0;
  let began = 0;
  let said = 0;
  onTheme(draw);
  say('The server reads the question\u2026');

  function add(event, data) {
    if (event === 'start') {
      answer.start = data;
    } else if (event === 'token') {
      began ||= performance.now();
      answer.ids.push(data.id);
      const span = el('span', { class: 't undefined' }, visible(data.text ?? `\u27e8${data.id}\u27e9`).map((part) => (part.faint ? el('i', {}, part.text) : part.text)));
      tokens.push({ span, tint: null, bar: null });
      text.append(span, ...(/\n/.test(data.text ?? '') ? [el('br')] : []));
    } else if (event === 'rhythm') {
      series.waad[data.index] = data.waad;
      series.fai = data.fai.map((value) => value ?? NaN);
    }
    frame ||= requestAnimationFrame(draw);
  }

  function draw() {
    frame = 0;
    const follows = text.scrollHeight - text.scrollTop - text.clientHeight < 60;
    const waad = statistics(Float32Array.from(series.waad), false);
    const fai = statistics(Float32Array.from(series.fai), false);
    series.waad.forEach((value, t) => tint(tokens[t], ramp('text', waad.level(value)), fai.level(series.fai[t])));
    plots.draw([series.waad, series.fai]);
    if (follows) {
      text.scrollTop = text.scrollHeight;
    }
    const now = performance.now();
    if (now - said > SAY && answer.ids.length > 1) {
      said = now;
      say(`Writing: ${count(answer.ids.length, 'token')}, ${format((1000 * answer.ids.length) / (now - began), 0)} a second`);
    }
  }

  function tint(token, colour, level) {
    const bar = Number.isNaN(level) ? 0 : Math.round(BAR * level);
    if (token.tint !== colour) {
      token.span.classList.remove('undefined');
      token.span.style.backgroundColor = colour;
      token.tint = colour;
    }
    if (token.bar !== bar) {
      token.span.style.setProperty('--bar', bar / BAR);
      token.bar = bar;
    }
  }

  /** Draws what has come; no more events follow. */
  function finish() {
    cancelAnimationFrame(frame);
    draw();
    text.setAttribute('aria-live', 'polite');
  }

  return answer;
}
