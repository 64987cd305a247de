// The elements of one token of the text, and of the numbers beside a sentence.

import { button, el } from 'upbeat/dom.js';
import { differenceOf, metric, scaleOf, summarise } from 'upbeat/metrics.js';
import { format, UNDEFINED } from 'upbeat/numbers.js';
import { ramp } from 'upbeat/theme.js';
import { visible } from 'upbeat/wrap.js';

/** Strength of a value's tint in [0, 1], by its value or by its rank in the response; the scale is that of `scaleOf`. */
export function levelOf({ current, other, by, scale }, value) {
  if (scale !== 'rank') {
    return scaleOf(by, current, other).level(value);
  }
  const { rank } = current.stats[by];
  return metric(by).low ? 1 - rank(value) : rank(value);
}

/** The colour of token t; null where its value, or the difference from the other run's, is undefined. */
export function tintOf(state, t) {
  const { current, rival, by } = state;
  if (state.scale === 'difference' && rival) {
    const { values, reach } = differenceOf(by, current, rival);
    return Number.isNaN(values[t]) ? null : ramp(values[t] > 0 ? 'more' : 'text', reach > 0 ? Math.abs(values[t]) / reach : 0);
  }
  const value = current.series[by][t];
  return Number.isNaN(value) ? null : ramp('text', levelOf(state, value));
}

/**
 * The element of token t; tokens of the prompt count from -promptLength.
 * `context`: {prefix: letter that its id begins with, hits: Set of found tokens, relations: Map of token -> 'source' | 'target' of the pinned one,
 * partners: Set of tokens coupled with the pinned one}.
 */
export function tokenElement(t, startsLine, state, context) {
  const trace = state.current;
  const pinned = t === state.token;
  const span = el('span', { class: 't', role: 'option', id: `${context.prefix}${t}`, 'aria-selected': String(pinned) });
  for (const { text, faint } of visible(t < 0 ? trace.prompt[t + trace.promptLength] : trace.tokens[t])) {
    // The space before a word that starts a line would look like an indent.
    const kept = startsLine && !faint && span.childNodes.length === 0 ? text.replace(/^ (?=\S)/, '') : text;
    span.append(faint ? el('i', {}, kept) : kept);
  }
  if (t >= 0) {
    const tint = tintOf(state, t);
    if (tint === null) {
      span.classList.add('undefined');
    } else {
      span.style.background = tint;
    }
    span.classList.toggle('caret', state.marks && trace.isPeak.waad.has(t));
    span.classList.toggle('star', state.marks && trace.isPeak.fai.has(t));
    span.classList.toggle('pinned', pinned);
  }
  span.classList.toggle('hover', t === state.hover);
  span.classList.toggle('hit', context.hits.has(t));
  span.classList.toggle('partner', state.couplings && context.partners.has(t));
  const relation = context.relations.get(t);
  if (relation) {
    span.classList.add(relation);
  }
  return span;
}

/** Button with the mean and the most striking value of sentence s; a click pins the token with that value. */
export function sentenceButton(s, { current, other, by }, pin) {
  const m = metric(by);
  const { start, end } = current.sentences[s];
  const { mean, extreme, value } = summarise(current.series[by], start, end, m.low);
  const none = extreme < 0;
  const most = m.low ? 'minimum' : 'maximum';
  const numbers = none ? UNDEFINED : `${format(mean, m.digits)} \u00b7 ${format(value, m.digits)}`;
  const bar = el('span', { class: none ? 'bar undefined' : 'bar', 'aria-hidden': 'true' });
  if (!none) {
    const { level } = scaleOf(by, current, other);
    bar.style.setProperty('--mean', level(mean));
    bar.style.setProperty('--most', level(value));
  }
  return button([bar, el('span', { class: 'numbers' }, numbers)], () => none || pin(extreme), {
    class: 'gutter',
    'aria-label': `Sentence ${s + 1}: mean and ${most} of ${m.name}: ${numbers}`,
    title: `sentence ${s + 1}: mean \u00b7 ${most} of ${m.name}, ${m.unit}`,
  });
}
