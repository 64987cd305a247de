// The toolbar above the text: tint, scale, marks, view, search and export.

import { button, el } from 'upbeat/dom.js';
import { createMenu } from 'upbeat/menu.js';
import { differenceOf, METRICS, metric, scaleOf } from 'upbeat/metrics.js';
import { count, format, percent, signed } from 'upbeat/numbers.js';
import { differenceGradient, onTheme, rampGradient } from 'upbeat/theme.js';

/** `nextPeak(metric, direction)` moves to a peak; `letterOf(trace)`: of its run; `tools` are further elements at the end. */
export function createToolbar(host, store, nextPeak, letterOf, tools) {
  const tint = choice('Tint by', METRICS.map((m) => [m.key, m.name, m.says]), (by) => store.set({ by }));
  const scale = choice('Scale of the tint', [
    ['value', 'value', 'Evenly by value; the 2% of tokens at either end share the end colours'],
    ['rank', 'rank', 'By rank within the response'],
    ['difference', 'difference', 'By how much the two runs differ at the token; the 2% of largest differences share the end colours'],
  ], (value) => store.set({ scale: value }));
  const view = choice('View', [
    ['tokens', 'tokens', 'The text, token by token'],
    ['sentences', 'sentences', 'Mean and maximum per sentence'],
    ['map', 'map', 'The two mean attention maps of a window'],
  ], (value) => store.set({ view: value }));
  const from = el('span', { class: 'number' });
  const strip = el('span', { class: 'strip' });
  const to = el('span', { class: 'number' });
  const legend = el('div', { class: 'legend', role: 'img' }, from, strip, to);
  const checks = [
    ['marks', 'm', 'of preplan points and anchors in the text'],
    ['chunks', 'c', 'from one preplan point to the next, every other one shaded'],
    ['couplings', 'k', 'of a leap of WAAD with a token of high FAI shortly after it, as brackets'],
    ['flow', 'f', 'from the prompt to the answer through the pinned token, as arcs'],
  ].map((entry) => check(...entry, store));
  const steppers = ['waad', 'fai'].map((key) => stepper(key, nextPeak));
  host.append(
    el('span', { class: 'captioned' }, el('span', { class: 'caption' }, 'tint by'), tint.group), legend, scale.group, createMenu('Show', checks.map(({ label }) => label)),
    ...steppers.map((s) => s.group), el('span', { class: 'spring' }), view.group, ...tools);

  function render(state) {
    const { current, other, rival, by, view: seen } = state;
    if (!current) {
      return;
    }
    const chosen = state.scale === 'difference' && !rival ? 'value' : state.scale;
    const m = metric(by);
    tint.show(by, (key) => key in current.series);
    scale.show(chosen, (key) => key !== 'difference' || rival !== null);
    view.show(seen, (key) => key !== 'map' || current.map !== null);
    checks.forEach(({ key, input, label }) => {
      input.checked = state[key];
      label.hidden = key === 'flow' && !current.flowEdges;
    });
    strip.style.background = chosen === 'difference' ? differenceGradient() : rampGradient('text');
    const [left, right] = ends(m, chosen, state);
    from.textContent = left;
    to.textContent = right;
    legend.setAttribute('aria-label', `Tint from ${left} to ${right}`);
    for (const { key, label } of steppers) {
      const n = current.peaks[key].length;
      label.textContent = count(n, metric(key).peak.noun);
      label.title = `${percent(n / current.length)} of the response\u2019s tokens: local maxima of ${metric(key).name} among its top 30%`;
    }
  }

  /** What the ends of the legend say. */
  function ends(m, chosen, { current, other, rival, by }) {
    if (chosen === 'rank') {
      return m.low ? ['highest', 'lowest'] : ['lowest', 'highest'];
    }
    if (chosen === 'difference') {
      const { reach } = differenceOf(by, current, rival);
      const [first, second] = [current, rival].sort((a, b) => a.run - b.run).map(letterOf);
      return [`${second} \u2212 ${first} \u2264 ${signed(-reach, decimals(reach))}`, `\u2265 ${signed(reach, decimals(reach))} ${m.unit}`];
    }
    const { from: low, to: high } = scaleOf(by, current, other);
    return [`${m.low ? '\u2265' : '\u2264'} ${brief(low)}`, `${m.low ? '\u2264' : '\u2265'} ${brief(high)} ${m.unit}`];
  }

  store.on(['current', 'other', 'rival', 'by', 'scale', 'view', 'marks', 'chunks', 'couplings', 'flow'], render);
  onTheme(() => render(store.get()));
  return { add: (tool) => host.querySelector('.choice[aria-label=View]').before(tool) };
}

function brief(value) {
  return format(value, decimals(value));
}

/** Two decimals, or four for small values. */
function decimals(value) {
  return Math.abs(value) < 0.1 ? 4 : 2;
}

/** A group of buttons, one of which is pressed. */
export function choice(name, options, choose) {
  const buttons = new Map(options.map(([key, label, title]) =>
    [key, button(label, () => choose(key), { title, 'data-key': key })]));
  const group = el('div', { class: 'choice', role: 'group', 'aria-label': name }, ...buttons.values());
  return {
    group,
    show(chosen, available) {
      buttons.forEach((b, key) => {
        b.setAttribute('aria-pressed', String(key === chosen));
        b.hidden = !available(key);
      });
    },
  };
}

/** A check box, also for the keyboard's `letter`, that switches one thing of the state on and off. */
function check(key, letter, says, store) {
  const input = el('input', { type: 'checkbox', id: key, onchange: (event) => store.set({ [key]: event.target.checked }) });
  return { key, input, label: el('label', { class: 'check' }, input, el('span', {}, el('b', {}, key), ` ${says}`), el('kbd', {}, letter)) };
}

/** ^ 42 preplan points, with steps back and forth. */
function stepper(key, nextPeak) {
  const { shape, noun } = metric(key).peak;
  const label = el('span', { class: 'count' });
  const initial = noun[0];
  const group = el('div', { class: 'stepper', role: 'group', 'aria-label': `${noun}s` },
    el('i', { class: `shape ${shape}`, 'aria-hidden': 'true' }), label,
    button('\u2039', () => nextPeak(key, -1), { class: 'quiet', 'aria-label': `Previous ${noun}`, title: `Previous (Shift+${initial})` }),
    button('\u203a', () => nextPeak(key, 1), { class: 'quiet', 'aria-label': `Next ${noun}`, title: `Next (${initial})` }));
  return { key, group, label };
}
