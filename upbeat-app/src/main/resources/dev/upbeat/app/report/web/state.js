// The state of the view: one small store that every panel reads, and its form in the address (#trace=3&token=118).

import { METRICS } from 'upbeat/metrics.js';

const START = {
  tab: 'traces', // run | traces | heads | summary
  run: 0, // the current run
  trace: 0, // index among the traces of all runs
  current: null, // that trace, decoded; always set together with its index
  beside: null, // index of the trace beside it
  other: null, // that trace, decoded
  rival: null, // the same, if it is another run's measurement of the same response
  token: null, // the pinned response token, from 0
  hover: null, // the response token under the pointer
  by: 'waad', // metric of the tint
  scale: 'value', // tint by value | rank | difference, if there is a rival
  view: 'tokens', // tokens | sentences | map
  axis: 'linear', // axis of attention weights: linear | log
  marks: true, // whether peaks are marked in the text
  chunks: true, // whether every other chunk is shaded
  couplings: true, // whether couplings are drawn above the curves
  flow: true, // whether the answer flow through the pinned token is drawn above the curves
  prompt: false, // whether the prompt is unfolded
  zoom: null, // [first, last] token of the curves, null for all
  inView: null, // [first, last] token of the text in view
};

/**
 * A store: get(), set(patch), on(keys, listener); a listener is called once for each patch that changes any of its
 * keys.
 */
export function createStore(initial) {
  const state = { ...START, ...initial };
  const listeners = [];
  return {
    get: () => state,
    set(patch) {
      const changed = Object.keys(patch).filter((key) => !same(state[key], patch[key]));
      if (changed.length) {
        Object.assign(state, patch);
        listeners.filter(({ keys }) => keys.some((key) => changed.includes(key))).forEach(({ listener }) => listener(state));
      }
    },
    on(keys, listener) {
      listeners.push({ keys, listener });
    },
  };
}

function same(a, b) {
  return Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((v, i) => v === b[i]) : Object.is(a, b);
}

/**
 * Reads the part of the state that a link carries; `complain` reports values that the page does not have. `beside` is
 * undefined if the link does not give it.
 */
export function fromHash(hash, { runs, traces }, complain) {
  const asked = new URLSearchParams(hash.replace(/^#/, ''));
  const { run, trace, scale, view, axis } = START;
  const { tab, by } = firstSeen(runs, traces);
  const state = { tab, run, trace, beside: undefined, token: null, by, scale, view, axis, zoom: null };
  const choose = (key, allowed) => {
    if (asked.has(key)) {
      if (allowed.includes(asked.get(key))) {
        state[key] = asked.get(key);
      } else {
        complain(`This link asks for ${key} \u201c${asked.get(key)}\u201d; there is ${allowed.join(', ')}.`);
      }
    }
  };
  const number = (key, limit, noun) => {
    if (asked.has(key)) {
      const value = Number(asked.get(key));
      if (Number.isInteger(value) && value >= 0 && value < limit) {
        state[key] = value;
      } else {
        complain(`This link asks for ${key} ${asked.get(key)}; ${noun} 0 to ${limit - 1}.`);
      }
    }
  };
  choose('tab', tabsOf(runs));
  choose('by', METRICS.map((m) => m.key));
  choose('scale', ['value', 'rank', 'difference']);
  choose('view', ['tokens', 'sentences', 'map']);
  choose('axis', ['linear', 'log']);
  number('run', runs.length, 'this report has runs');
  if (traces.length) {
    if (asked.has('run') && !asked.has('trace')) {
      state.trace = Math.max(0, traces.findIndex((each) => each.run === state.run));
    }
    number('trace', traces.length, 'this report has traces');
    number('token', traces[state.trace].length, 'this response has tokens');
    state.run = traces[state.trace].run;
  }
  if (asked.get('beside') === 'none') {
    state.beside = null;
  } else {
    number('beside', traces.length, 'this report has traces');
  }
  if (asked.has('zoom')) {
    const [from, to] = (/^(\d+)-(\d+)$/.exec(asked.get('zoom')) ?? []).slice(1).map(Number);
    if (from < to && to < traces[state.trace]?.length) {
      state.zoom = [from, to];
    } else {
      complain(`This link asks for zoom ${asked.get('zoom')}; two tokens of the response are needed, such as 0-20.`);
    }
  }
  return state;
}

export const LINKED = ['tab', 'run', 'trace', 'beside', 'token', 'by', 'scale', 'view', 'axis', 'zoom'];

/** The tabs that have content. */
export function tabsOf(runs) {
  return ['run', 'traces', 'heads', 'summary'].filter((tab) => tab !== 'run' || runs.some(({ metrics }) => metrics?.steps.length));
}

/** The first view: for a training its curves, and tokens tinted by gamma. */
export function firstSeen(runs, traces) {
  return { tab: tabsOf(runs)[0], by: traces[0]?.sparks.gamma ? 'gamma' : START.by };
}

/**
 * Writes the state as an address. `several`: whether traces can be side by side, so that a link must name both; `tabs`:
 * the tabs with content.
 */
export function toHash(state, several, tabs) {
  const parts = [];
  if (state.tab !== tabs[0]) {
    parts.push(`tab=${state.tab}`);
  }
  parts.push(state.current ? `trace=${state.trace}` : `run=${state.run}`);
  if (several && state.current) {
    parts.push(`beside=${state.beside ?? 'none'}`);
  }
  if (state.token !== null) {
    parts.push(`token=${state.token}`);
  }
  parts.push(`by=${state.by}`);
  if (state.scale !== START.scale) {
    parts.push(`scale=${state.scale}`);
  }
  if (state.view !== START.view) {
    parts.push(`view=${state.view}`);
  }
  if (state.axis !== START.axis) {
    parts.push(`axis=${state.axis}`);
  }
  if (state.zoom) {
    parts.push(`zoom=${state.zoom.map(Math.round).join('-')}`);
  }
  return `#${parts.join('&')}`;
}
