// A second trace beside the first: the choice of traces, and the state that the two share.

import { button, el } from 'upbeat/dom.js';
import { format, signed, whole } from 'upbeat/numbers.js';
import { createPane } from 'upbeat/pane.js';
import { createStore } from 'upbeat/state.js';

const LOOKS = ['by', 'scale', 'view', 'marks', 'chunks', 'couplings', 'flow', 'axis']; // settings that both panes share
const PLACE = ['token', 'hover', 'zoom']; // state that both panes share if their tokens are the same

/** Whether the page can show anything beside a trace. */
export function several(manifest) {
  return manifest.runs.length > 1 || manifest.traces.some(({ step }) => step !== undefined);
}

/**
 * Suggestions of traces to show beside one: in other runs those of the same id and step, then of the same prompt; in
 * the same training those of the same prompt at other steps, the farthest first.
 */
export function companions(traces, index) {
  const one = traces[index];
  const apart = (other) => Math.abs((other.step ?? 0) - (one.step ?? 0));
  const others = traces.filter((other) => other.run !== one.run);
  const named = others.filter((other) => other.id === one.id && other.step === one.step);
  const prompted = others.filter((other) => other.prompt === one.prompt && !named.includes(other)).sort((a, b) => apart(a) - apart(b));
  const later = traces.filter((other) => other.run === one.run && other.prompt === one.prompt && apart(other) > 0).sort((a, b) => apart(b) - apart(a));
  return [...named, ...prompted, ...later].map((other) => traces.indexOf(other));
}

/** Name of a trace among others: with its run if there are several, and in a training with its step. */
function called(runs, { run, step, id }) {
  return [runs.length > 1 ? runs[run].letter : null, step === undefined ? null : `step ${whole(step)}`, id].filter((part) => part !== null).join(' \u00b7 ');
}

/** Whether two runs measured the same response. */
function sameResponse(a, b) {
  return a.run !== b.run && a.length === b.length && a.ids.every((id, t) => id === b.ids[t]);
}

/**
 * The second pane and the select that chooses what is in it. `places`: {section, panes}; `first`: the pane of `store`.
 */
export function createBeside(places, manifest, source, store, first) {
  const { runs, traces } = manifest;
  const second = createStore({});
  const host = el('div', { class: 'pane', hidden: true });
  const details = el('aside', { class: 'inspector beside', 'aria-label': 'Details of the trace beside', hidden: true });
  places.panes.append(host);
  places.section.append(details);
  const pane = createPane(host, details, manifest, second, 'b');
  const select = el('select', { 'aria-label': 'Trace beside', onchange: () => choose(select.value === '' ? null : Number(select.value)) });
  let tied = false;
  let closed = false; // by the reader

  /**
   * Loads the trace to show beside another: the one asked for (null for none), else the first suggestion, unless the
   * reader has closed the pane. Resolves to a patch that the first store sets together with its own trace.
   */
  async function load(trace, asked, current) {
    closed = asked === undefined ? closed : asked === null;
    const index = asked ?? (closed ? null : companions(traces, trace)[0] ?? null);
    const other = index === null ? null : await source.trace(index);
    const rival = other && sameResponse(current, other) ? other : null;
    return { beside: index, other, rival };
  }

  /** Shows the loaded trace; called when the first pane has its own. */
  function show({ beside, other, rival }) {
    const state = store.get();
    places.section.classList.toggle('two', other !== null);
    host.hidden = other === null;
    details.hidden = other === null;
    offer(state.trace, beside);
    first.heading.hidden = other === null;
    tied = rival !== null;
    if (!other) {
      return;
    }
    const { by, view } = state;
    second.set({
      ...Object.fromEntries(LOOKS.map((key) => [key, state[key]])),
      current: other, trace: beside, other: state.current, rival: rival && state.current, prompt: false, hover: null,
      token: tied ? state.token : null, zoom: tied ? state.zoom : null,
      by: by in other.series ? by : 'waad',
      view: view === 'map' && !other.map ? 'tokens' : view,
    });
    head(first.heading, state.trace, beside, null);
    head(pane.heading, beside, state.trace, button('\u00d7', () => choose(null), { class: 'quiet close', 'aria-label': 'Close the trace beside', title: 'Close' }));
  }

  function head(heading, index, other, close) {
    const trace = traces[index];
    const run = runs[trace.run];
    heading.hidden = false;
    heading.replaceChildren(...[
      ...(runs.length > 1 ? [el('b', { class: `run-${trace.run}` }, run.letter), el('span', { class: 'name', title: run.name }, run.name)] : []),
      trace.step === undefined ? null : el('span', { class: 'name' }, `step ${whole(trace.step)}`),
      el('span', { class: 'note' }, [trace.id, `${whole(trace.length)} tokens`, trace.reward === undefined ? null : `reward ${format(trace.reward, 2)}`,
        trace.advantage === undefined || trace.advantage === null ? null : `advantage ${signed(trace.advantage)}`].filter(Boolean).join(' \u00b7 ')),
      tied ? el('span', { class: 'note', title: 'Both runs measured the same tokens; cursor and zoom move together' },
        'same response; dashed: ', el('b', { class: `run-${traces[other].run}` }, runs[traces[other].run].letter)) : null,
      close,
    ].filter(Boolean));
  }

  async function choose(index) {
    const { trace, current } = store.get();
    const loaded = await load(trace, index, current);
    store.set(loaded);
    show(loaded);
  }

  /** Fills the select: suggestions first, then all other traces by run. */
  function offer(index, chosen) {
    const natural = companions(traces, index);
    const option = (i) => el('option', { value: i, selected: i === chosen }, called(runs, traces[i]));
    const rest = runs.map((run, r) => el('optgroup', { label: `${run.letter} ${run.name}` },
      traces.map((trace, i) => (trace.run === r && i !== index && !natural.includes(i) ? option(i) : null))));
    select.replaceChildren(el('option', { value: '', selected: chosen === null }, 'nothing'),
      ...(natural.length ? [el('optgroup', { label: 'the same prompt' }, natural.map(option))] : []), ...rest.filter((group) => group.children.length));
  }

  const pass = (keys, from, to, when) => from.on(keys, (state) => {
    if (when()) {
      to.set(Object.fromEntries(keys.filter((key) => allowed(key, state[key], to)).map((key) => [key, state[key]])));
    }
  });
  const allowed = (key, value, to) => {
    const { current } = to.get();
    return !((key === 'by' && !(value in current.series)) || (key === 'view' && value === 'map' && !current.map));
  };
  pass(LOOKS, store, second, () => !host.hidden);
  pass(PLACE, store, second, () => tied && !host.hidden);
  pass(PLACE, second, store, () => tied && !host.hidden);

  return { load, show, element: el('label', { class: 'beside-choice' }, el('span', { class: 'caption' }, 'beside'), select) };
}
