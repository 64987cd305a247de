// The keyboard: one table, from which both the keys and the help that `?` shows are made.

import { button, el, listen, onEnd } from 'upbeat/dom.js';
import { METRICS } from 'upbeat/metrics.js';
import { toggleTheme } from 'upbeat/theme.js';

const ZOOM = 1.6;

/**
 * `actions`: {move(tokens), line(direction), nextPeak(metric, direction), openNext(direction), focusSearch(), zoomBy(factor),
 * available(metric)}.
 */
export function createKeys(store, actions) {
  const { move, line, nextPeak, openNext, focusSearch } = actions;
  const last = () => store.get().current.length - 1;
  const table = [
    ['ArrowLeft', '\u2190', 'one token back', () => move(-1)],
    ['ArrowRight', '\u2192', 'one token forward', () => move(1)],
    ['ArrowUp', '\u2191', 'one line up', () => line(-1)],
    ['ArrowDown', '\u2193', 'one line down', () => line(1)],
    ['Home', 'Home', 'first token', () => store.set({ token: 0 })],
    ['End', 'End', 'last token', () => store.set({ token: last() })],
    ['p', 'p', 'next preplan point; with Shift, the previous one', () => nextPeak('waad', 1)],
    ['P', null, null, () => nextPeak('waad', -1)],
    ['a', 'a', 'next anchor; with Shift, the previous one', () => nextPeak('fai', 1)],
    ['A', null, null, () => nextPeak('fai', -1)],
    ['Escape', 'Esc', 'unpin the token', () => store.set({ token: null })],
    ['[', '[', 'previous trace', () => openNext(-1)],
    [']', ']', 'next trace', () => openNext(1)],
    ['/', '/', 'search the text', focusSearch],
    ...METRICS.map((m, i) => [String(i + 1), String(i + 1), `tint by ${m.name}`, () => actions.available(m.key) && store.set({ by: m.key })]),
    ['s', 's', 'switch between sentences and tokens', () => store.set({ view: store.get().view === 'tokens' ? 'sentences' : 'tokens' })],
    ['l', 'l', 'logarithmic axis of FAI and answer flow on or off', () => store.set({ axis: store.get().axis === 'log' ? 'linear' : 'log' })],
    ...[['m', 'marks'], ['c', 'chunks'], ['k', 'couplings'], ['f', 'flow']].map(([key, name]) =>
      [key, key, `${name === 'flow' ? 'answer flow' : name} on or off`, () => store.set({ [name]: !store.get()[name] })]),
    ['+', '+', 'zoom into the curves', () => actions.zoomBy(1 / ZOOM)],
    ['-', '\u2212', 'zoom out of the curves', () => actions.zoomBy(ZOOM)],
    ['0', '0', 'show the whole curves', () => store.set({ zoom: null })],
  ];
  const everywhere = [
    ['t', 't', 'light or dark', toggleTheme],
    ['?', '?', 'these keys', () => help.showModal()],
  ];
  const help = el('dialog', { class: 'help', 'aria-label': 'Keys' },
    el('h2', {}, 'Keys'),
    el('dl', {}, [...table, ...everywhere].filter(([, name]) => name).map(([, name, says]) =>
      el('div', {}, el('dt', {}, el('kbd', {}, name)), el('dd', {}, says)))),
    el('p', { class: 'note' }, 'On the curves: wheel or drag to zoom, Shift and wheel to move, double click for all.'),
    button('Close', () => help.close()));
  document.body.append(help);
  onEnd(() => help.remove());

  listen(document, 'keydown', (event) => {
    // After a dialog is closed, the focus stays in it until the page is drawn again.
    const typing = event.target.closest('input:not([type=checkbox]), select, textarea, [role=grid], [role=tablist], dialog[open]');
    if (typing || event.ctrlKey || event.metaKey || event.altKey || help.open) {
      return;
    }
    const here = store.get().tab === 'traces' && store.get().current ? table : [];
    const found = [...here, ...everywhere].find(([key]) => key === event.key);
    if (found) {
      event.preventDefault();
      found[3]();
    }
  });
  return { showHelp: () => help.showModal() };
}
