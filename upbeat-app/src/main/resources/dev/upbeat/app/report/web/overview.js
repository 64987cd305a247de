// The panel beside the text while no token is pinned: an overview of the response and its strongest peaks.

import { directionOf } from 'upbeat/bidi.js';
import { button, el } from 'upbeat/dom.js';
import { count, format, signed } from 'upbeat/numbers.js';
import { comparisonOf, metric } from 'upbeat/metrics.js';
import { shown } from 'upbeat/wrap.js';

const STRONGEST = 6;
const FEW_ROWS = 10; // last tokens, whose FAI averages few later ones if the horizon is open
const CONTEXT = 4; // tokens on either side

/**
 * `open`: whether FAI's horizon ends with the response. `beside`: {rival, runs} for another run's measurement of the same
 * response, else null.
 */
export function overview(trace, open, pin, beside) {
  const facts = [count(trace.length, 'token'), `prompt ${trace.promptLength}`, `temperature ${trace.temperature}`];
  if (trace.reward !== undefined) {
    facts.push(`reward ${format(trace.reward, 2)}`);
  }
  if (trace.step !== undefined) {
    facts.unshift(`step ${trace.step}`, `response ${trace.sample + 1} to its prompt`);
    if (trace.advantage !== null) {
      facts.push(`advantage ${signed(trace.advantage)}`);
    }
  }
  return el('div', { class: 'overview' },
    el('div', { class: 'heading' }, el('h2', {}, trace.id), el('p', { class: 'where' }, facts.join(' \u00b7 '))),
    el('table', { class: 'values' },
      el('thead', {}, el('tr', {}, el('th', {}, ''), ...['min', 'mean', 'max'].map((name) => el('th', { class: 'number' }, name)), el('th', {}, ''))),
      el('tbody', {}, trace.metrics.map((m) => {
        const { min, mean, max, defined } = trace.stats[m.key];
        return el('tr', { title: defined < trace.length ? `${trace.length - defined} of ${trace.length} undefined` : null },
          el('th', { scope: 'row', title: m.says }, m.name),
          ...[min, mean, max].map((v) => el('td', { class: 'number' }, format(v, Math.min(3, m.digits)))),
          el('td', { class: 'unit' }, m.unit));
      }))),
    beside ? against(trace, beside, pin) : null,
    strongest(trace, 'waad', 0, pin),
    strongest(trace, 'fai', open ? FEW_ROWS : 0, pin));
}

/** How another run's values of the same tokens differ from this one's, metric by metric. */
function against(trace, { rival, runs }, pin) {
  const [own, other] = [trace, rival].map(({ run }) => runs[run].letter);
  const row = (m) => {
    const { correlation, mean, meanSize, largest } = comparisonOf(trace.series[m.key], rival.series[m.key]);
    return el('tr', {}, el('th', { scope: 'row', title: m.says }, m.name),
      ...[format(correlation, 3), signed(mean, Math.min(3, m.digits)), format(meanSize, Math.min(3, m.digits))].map((text) => el('td', { class: 'number' }, text)),
      el('td', { class: 'number' }, largest < 0 ? '\u2013' : button(largest, () => pin(largest), { class: 'go', 'aria-label': `Pin token ${largest}, ${m.name}` })));
  };
  return el('section', { class: 'links against' },
    el('h3', {}, `${other} against ${own}, token by token`),
    el('table', { class: 'values' },
      el('thead', {}, el('tr', {}, el('th', {}, ''),
        ...[['correlation', 'Pearson\u2019s r over the tokens'], [`${other} \u2212 ${own}`, 'Mean difference'], ['|difference|', 'Mean absolute difference'], ['largest at', 'Token of the largest difference']]
          .map(([name, says]) => el('th', { class: 'number', title: says }, name)))),
      el('tbody', {}, trace.metrics.filter(({ key }) => key in rival.series).map(row))));
}

function strongest(trace, key, fewRows, pin) {
  const m = metric(key);
  const values = trace.series[key];
  const byStrength = key === 'fai' && trace.strength; // no anchor is among the last tokens
  const tail = byStrength ? 0 : fewRows;
  const rank = (t) => (byStrength ? trace.strength.get(t) : values[t]);
  const peaks = Array.from(trace.peaks[key]).filter((t) => t < trace.length - tail).sort((a, b) => rank(b) - rank(a)).slice(0, STRONGEST);
  return el('section', { class: 'links' },
    el('h3', {}, el('i', { class: `shape ${m.peak.shape}`, 'aria-hidden': 'true' }),
      `Strongest ${m.peak.noun}s `, el('small', {}, `${trace.peaks[key].length} in all \u00b7 ${m.name}, ${m.unit}`)),
    peaks.length ? null : el('p', { class: 'note' }, 'none'),
    byStrength ? el('p', { class: 'note' }, `By their FAI over the median FAI of tokens that a similar number of tokens follows; the last ${FEW_ROWS} tokens are never anchors.`) : null,
    tail ? el('p', { class: 'note' }, `Without the last ${tail} tokens, whose FAI averages few tokens.`) : null,
    el('ol', {}, peaks.map((t) => el('li', {}, button([
      el('span', { class: 'excerpt centred', dir: excerptDirection(trace, t) }, excerpt(trace, t)),
      el('span', { class: 'distance' }, t),
      el('span', { class: 'number' }, format(values[t], Math.min(3, m.digits))),
    ], () => pin(t), { class: 'link', title: `token ${t}` })))));
}

function excerptDirection(trace, t) {
  return trace.rightToLeft ? directionOf(trace.tokens.slice(Math.max(0, t - CONTEXT), t + 1 + CONTEXT).join('')) : null;
}

function excerpt(trace, t) {
  const text = (from, to) => trace.tokens.slice(Math.max(0, from), to).map(shown).join('');
  return [
    el('span', { class: 'left' }, el('bdi', {}, text(t - CONTEXT, t))),
    el('b', {}, shown(trace.tokens[t])),
    el('span', { class: 'right' }, el('bdi', {}, text(t + 1, t + 1 + CONTEXT))),
  ];
}
