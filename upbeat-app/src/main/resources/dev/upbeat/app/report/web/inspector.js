// The pinned token: its values and their percentiles in the response, the tokens it is coupled with, the tokens it attends to and
// those that attend to it.

import { chunkAt } from 'upbeat/beat.js';
import { drawnOnBy, drawsOn, flowInto, flowOutOf, fullWeight, textAt } from 'upbeat/data.js';
import { button, el } from 'upbeat/dom.js';
import { flowInWords } from 'upbeat/flow.js';
import { METRICS } from 'upbeat/metrics.js';
import { count, format, ordinal, UNDEFINED } from 'upbeat/numbers.js';
import { overview } from 'upbeat/overview.js';
import { sentenceAt } from 'upbeat/sentences.js';
import { shown } from 'upbeat/wrap.js';

const MOST = 8; // links shown per group
const CONTEXT = 3; // tokens shown around a linked one

/** The panel in an element. `goTo(position)` moves to an absolute position, in the prompt or in the response. */
export function createInspector(host, runs, store, goTo) {
  const spoken = el('p', { class: 'spoken', 'aria-live': 'polite' });
  const content = el('div', { class: 'content' });
  host.append(spoken, content);

  function render({ current, rival, token }) {
    if (token === null) {
      content.replaceChildren(overview(current, runs[current.run].heads?.horizon.endsWith('end') ?? false, (t) => store.set({ token: t }), rival && { rival, runs }));
      spoken.textContent = '';
      return;
    }
    content.replaceChildren(...[heading(current, token), values(current, token), coupling(current, token), flow(current, token), ...links(current, token)].filter(Boolean));
    spoken.textContent = `Token ${token}, \u201c${shown(current.tokens[token])}\u201d, ${marks(current, token).join(', ')}`;
  }

  function heading(trace, t) {
    return el('div', { class: 'heading' },
      el('h2', {}, el('span', { class: 'specimen' }, shown(trace.tokens[t]))),
      button('\u00d7', () => store.set({ token: null }), { class: 'quiet close', 'aria-label': 'Unpin the token', title: 'Unpin (Esc)' }),
      el('p', { class: 'where' }, `token ${t} of ${trace.length} \u00b7 position ${trace.promptLength + t} \u00b7 id ${trace.ids[t]}`
        + ` \u00b7 sentence ${sentenceAt(trace.sentences, t) + 1} \u00b7 chunk ${chunkAt(trace.chunks, t) + 1} of ${trace.chunks.length}`),
      el('p', { class: 'badges' }, METRICS.filter((m) => m.peak && trace.isPeak[m.key].has(t)).map((m) =>
        el('span', { class: 'badge' }, el('i', { class: `shape ${m.peak.shape}`, 'aria-hidden': 'true' }), m.peak.noun))));
  }

  function values(trace, t) {
    return el('table', { class: 'values' },
      el('thead', {}, el('tr', {}, el('th', {}, ''), el('th', { class: 'number' }, 'value'), el('th', {}, ''),
        el('th', { colspan: 2, title: 'Share of the response\u2019s other tokens that lie below' }, 'percentile'))),
      el('tbody', {}, trace.metrics.map((m) => {
        const value = trace.series[m.key][t];
        const rank = trace.stats[m.key].rank(value);
        const bar = el('span', { class: 'place', 'aria-hidden': 'true' });
        bar.style.setProperty('--place', rank);
        const known = Number.isFinite(value);
        return el('tr', {}, el('th', { scope: 'row', title: m.says }, m.name),
          el('td', { class: known ? 'number' : 'number undefined' }, known ? format(value, m.digits) : UNDEFINED),
          el('td', { class: 'unit' }, known ? m.unit : ''),
          el('td', {}, Number.isFinite(rank) ? bar : null),
          el('td', { class: 'number' }, Number.isFinite(rank) ? ordinal(Math.round(100 * rank)) : '\u2013'));
      })));
  }

  /** The token that introduces this one, and those that it introduces; the anchors of a coupling need not be peaks of FAI. */
  function coupling(trace, t) {
    const [to, from] = [trace.couplings.filter(({ anchor }) => anchor === t), trace.couplings.filter(({ intro }) => intro === t)];
    if (!to.length && !from.length) {
      return null;
    }
    const side = (title, says, unit, links) => (links.length ? [el('h4', { title: says }, title, el('small', {}, ` \u00b7 ${unit}`)),
      el('ol', {}, links.map(([other, value]) => el('li', {}, tokenButton(trace, trace.promptLength + t, trace.promptLength + other, ...value))))] : []);
    return el('section', { class: 'links', 'aria-label': 'Coupling' }, el('h3', {}, 'Coupling ', el('small', {}, 'of a leap of WAAD with high FAI, as in credit')),
      ...side('introduced by', 'The largest change of WAAD shortly before this token, which is among the 40% of highest FAI', 'change of WAAD, tokens',
        to.map(({ intro, change }) => [intro, ['WAAD changes by', change, 2]])),
      ...side('introduces', 'Tokens among the 40% of highest FAI, shortly after the change of WAAD at this token', 'FAI, weight',
        from.map(({ anchor }) => [anchor, ['FAI', trace.series.fai[anchor], 3]])));
  }

  /** Where the answer flow through the token comes from and goes on to. */
  function flow(trace, t) {
    if (!trace.flowEdges) {
      return null;
    }
    const position = trace.promptLength + t;
    const [into, out] = [flowInto(trace, t), flowOutOf(trace, t)];
    const full = Math.max(...[...into, ...out].map(({ share }) => share));
    const side = (title, edges) => (edges.length ? el('div', { class: 'side' }, el('h4', {}, title),
      el('ol', {}, edges.slice(0, MOST).map((edge) => el('li', {}, linkButton(trace, position, { ...edge, weight: edge.share }, full, 'share of the flow'))))) : null);
    return el('section', { class: 'links', 'aria-label': 'Answer flow' }, el('h3', {}, 'Answer flow ', el('small', {}, 'shares of the flow through this token')),
      el('p', { class: 'note' }, flowInWords(trace, t)),
      el('div', { class: 'sides' }, side('comes from', into), side('goes on to', out)));
  }

  function links(trace, t) {
    if (!trace.links) {
      return [el('p', { class: 'note' }, 'Links were not recorded for this trace.')];
    }
    const position = trace.promptLength + t;
    return [
      section('Draws on', 'the earlier tokens it attends to most', trace, position, (group) => drawsOn(trace, group, t)),
      section('Drawn on by', 'later tokens that count it among their strongest links', trace, position,
        (group) => drawnOnBy(trace, group, position)),
    ];
  }

  function section(title, says, trace, position, linksOf) {
    return el('section', { class: 'links', 'aria-label': title },
      el('h3', {}, title, ' ', el('small', {}, says)),
      el('div', { class: 'sides' }, ['global', 'local'].map((group) => {
        const all = linksOf(group);
        const full = fullWeight(all);
        return el('div', { class: 'side' }, el('h4', {}, `${group} heads`),
          all.length ? null : el('p', { class: 'note' }, 'none'),
          el('ol', {}, all.slice(0, MOST).map((link) => el('li', {}, linkButton(trace, position, link, full)))),
          all.length > MOST ? el('p', { class: 'note' }, `and ${all.length - MOST} more`) : null);
      })));
  }

  function linkButton(trace, position, link, full, name = 'weight') {
    const bar = el('span', { class: 'weight', 'aria-hidden': 'true' });
    bar.style.setProperty('--share', full > 0 ? Math.min(1, link.weight / full) : 0);
    return tokenButton(trace, position, link.position, name, link.weight, 3, bar);
  }

  /** A button that leads to another position: its text, its distance from `position` and a value of `digits` decimals, named. */
  function tokenButton(trace, position, other, name, value, digits, bar = null) {
    const distance = other - position;
    const start = Math.max(0, other - CONTEXT);
    const before = Array.from({ length: other - start }, (_, i) => shown(textAt(trace, start + i))).join('');
    const text = shown(textAt(trace, other));
    const sink = bar && other === 0;
    const where = sink ? 'the first token of all, an attention sink' : other < trace.promptLength ? 'in the prompt' : `token ${other - trace.promptLength}`;
    return button([
      bar ?? '',
      el('span', { class: 'excerpt' }, el('span', { class: 'clip' }, el('bdi', {}, el('span', { class: 'faint' }, before), el('b', {}, text)))),
      el('span', { class: 'distance' }, distance === 0 ? 'itself' : `${distance > 0 ? '+' : '\u2212'}${Math.abs(distance)}`),
      el('span', { class: 'number' }, format(value, digits)),
    ], () => goTo(other), {
      class: sink ? 'link sink' : 'link',
      title: `${where}, ${count(Math.abs(distance), 'token')} ${distance > 0 ? 'later' : 'earlier'}, ${name} ${format(value, digits + 1)}`,
    });
  }

  store.on(['current', 'rival', 'token'], (state) => state.current && render(state));
}

/** The marks and values of a token, in words. */
function marks(trace, t) {
  const peaks = METRICS.filter((m) => m.peak && trace.isPeak[m.key].has(t)).map((m) => m.peak.noun);
  const values = trace.metrics.map((m) => `${m.name} ${format(trace.series[m.key][t], m.digits)} ${m.unit}`);
  return [...peaks, ...values];
}
