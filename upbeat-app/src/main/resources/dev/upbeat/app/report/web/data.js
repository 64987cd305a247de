// Where the page's data comes from. A source has three asynchronous methods, so that one that fetches over HTTP can
// replace the embedded one:
//   manifest(): {runs: [{name, model, data, settings: [[name, value]], provenance: [[name, value]], heads?, linkages, headlines:
//     {kind: text}, beat: [text], overlaps, metrics?: {steps: [..], series: {name: Float32Array}}}],
//     traces, run after run: [{run, prompt, id, promptLength, length, temperature, reward?, preview, sparks: {metric:
//     Uint8Array}, heads: whether heads(i) has series; in a training also step, promptIndex, sample, advantage}]};
//     equal numbers in `prompt` are equal prompts; `beat` has sentences on the run's chunks and couplings
//   heads(i): the series of every head for that trace, null if the page has none: index({layer, head}), and waad(index)
//     and fai(index): {values: Float32Array in steps of max / 254, max}
//   trace(i): one trace, decoded as below; positions count from the first prompt token, response tokens from 0.
//     `flowEdges`: the strongest edges of the answer flow of each response token, as flowInto and flowOutOf give them
//     `intros`: the response token that introduces each locally dominated token of high FAI, -1 for every other token; in the
//     JSON `introDistances`, a byte for each response token: how many tokens its intro is before it, 0 for none
// Numbers travel as base64 of little-endian typed arrays; a NaN is an undefined value.

import { chunksOf, couplingsOf } from 'upbeat/beat.js';
import { paragraphs } from 'upbeat/bidi.js';
import { METRICS, statistics } from 'upbeat/metrics.js';
import { sentencesOf } from 'upbeat/sentences.js';

const WEIGHT_UNITS = 65535;
const NO_POSITION = 0xffff;
const TOP_STEP = 254;
const UNDEFINED_STEP = 255;
const LETTERS = 'ABCDEFGH'; // short names of runs

/** The source for a page that carries its data in script elements of type application/json. */
export function embeddedSource(page) {
  const read = (id) => JSON.parse(page.getElementById(id).textContent);
  return sourceOf(read('manifest'), read);
}

/** The source of a manifest as JSON; `read(id)` gives the JSON of `trace-0`, `heads-0`, ..., or a promise of it. */
export function sourceOf(manifest, read) {
  for (const trace of manifest.traces) {
    trace.sparks = mapValues(trace.sparks, (block) => bytes(block));
  }
  manifest.runs.forEach((run, i) => {
    run.letter = LETTERS[i];
    for (const layer of run.heads?.layers ?? []) {
      layer.spans = new Float32Array(bytes(layer.spans).buffer);
    }
    if (run.metrics) {
      run.metrics.series = mapValues(run.metrics.series, (block) => new Float32Array(bytes(block).buffer));
    }
  });
  const decoded = new Map();
  return {
    manifest: async () => manifest,
    trace: async (i) => {
      if (!decoded.has(i)) {
        decoded.set(i, decodeTrace(i, manifest.traces[i], await read(`trace-${i}`)));
      }
      return decoded.get(i);
    },
    heads: async (i) => (manifest.traces[i].heads ? decodeHeads(await read(`heads-${i}`), manifest.runs[manifest.traces[i].run].heads) : null),
  };
}

function decodeTrace(index, listed, json) {
  const ids = new Int32Array(bytes(json.ids).buffer);
  const promptIds = new Int32Array(bytes(json.promptIds).buffer);
  const tokens = json.tokens ?? Array.from(ids, (id) => `\u27e8${id}\u27e9`);
  const series = mapValues(json.series, (block) => new Float32Array(bytes(block).buffer));
  const metrics = METRICS.filter((m) => m.key in series);
  const peaks = mapValues(json.peaks, (block) => decodePositions(bytes(block), ids.length));
  const intros = Int32Array.from(bytes(json.introDistances), (distance, t) => (distance ? t - distance : -1));
  return {
    index,
    run: listed.run,
    id: listed.id,
    reward: listed.reward,
    step: listed.step,
    sample: listed.sample,
    advantage: listed.advantage,
    temperature: listed.temperature,
    promptLength: promptIds.length,
    length: ids.length,
    ids,
    tokens,
    rightToLeft: paragraphs(tokens), // null, or 1 at each token of a paragraph that is read from right to left
    prompt: json.promptTokens ?? Array.from(promptIds, (id) => `\u27e8${id}\u27e9`),
    metrics,
    series,
    stats: Object.fromEntries(metrics.map((m) => [m.key, statistics(series[m.key], m.low)])),
    peaks,
    strength: json.anchorStrength ? anchorStrength(peaks.fai, new Float32Array(bytes(json.anchorStrength).buffer)) : null,
    isPeak: mapValues(peaks, (positions) => new Set(positions)),
    sentences: sentencesOf(tokens),
    chunks: chunksOf(series.waad, peaks.waad),
    intros,
    couplings: couplingsOf(series.waad, intros),
    links: json.links ? decodeLinks(json.links, promptIds.length + ids.length) : null,
    flowEdges: json.flowEdges ? decodeFlow(json.flowEdges, promptIds.length + ids.length) : null,
    map: json.map ? decodeMap(json.map) : null,
  };
}

/** Strength by position of the anchors: their FAI over the median FAI of tokens at similar positions. */
function anchorStrength(positions, strengths) {
  return new Map(Array.from(positions, (t, i) => [t, strengths[i]]));
}

async function decodeHeads(json, { layers }) {
  const order = new Map();
  layers.forEach(({ layer, spans }) => spans.forEach((_, head) => order.set(`${layer} ${head}`, order.size)));
  const rows = async ({ maxima, steps }) => {
    const tops = new Float32Array(bytes(maxima).buffer);
    const all = await inflated(bytes(steps));
    const length = all.length / tops.length;
    return (row) => ({
      max: tops[row],
      values: Float32Array.from(all.subarray(row * length, (row + 1) * length), (step) => (step === UNDEFINED_STEP ? NaN : (step / TOP_STEP) * tops[row])),
    });
  };
  return { index: ({ layer, head }) => order.get(`${layer} ${head}`) ?? -1, waad: await rows(json.waad), fai: await rows(json.fai) };
}

async function inflated(block) {
  const stream = new Blob([block]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function decodeLinks(json, length) {
  const group = (block) => ({
    positions: decodePositions(bytes(block.positions), length),
    weights: decodeWeights(bytes(block.weights)),
  });
  return { count: json.count, global: group(json.global), local: group(json.local), inverse: new Map() };
}

/** `into` and `out`: `count` edges of each response token, with their shares of its flow. */
function decodeFlow(json, length) {
  const side = ({ positions, shares }) => ({ positions: decodePositions(bytes(positions), length), weights: decodeWeights(bytes(shares)) });
  return { count: json.count, into: side(json.into), out: side(json.out) };
}

function decodePositions(block, length) {
  if (length > NO_POSITION) {
    return new Int32Array(block.buffer);
  }
  return Int32Array.from(new Uint16Array(block.buffer), (p) => (p === NO_POSITION ? -1 : p));
}

function decodeWeights(block) {
  return Float32Array.from(new Uint16Array(block.buffer), (units) => units / WEIGHT_UNITS);
}

function decodeMap(json) {
  return {
    start: json.start,
    end: json.end,
    global: decodeWeights(bytes(json.global)),
    local: decodeWeights(bytes(json.local)),
  };
}

/** The strongest earlier tokens of response token t in a group's mean map: [{position, weight}], strongest first. */
export function drawsOn(trace, group, t) {
  return rowOf(trace.links[group], trace.links.count, t);
}

/** Row t of a block of `count` links each: [{position, weight}]. */
function rowOf({ positions, weights }, count, t) {
  const found = [];
  for (let i = t * count; i < (t + 1) * count; i++) {
    if (positions[i] >= 0) {
      found.push({ position: positions[i], weight: weights[i] });
    }
  }
  return found;
}

/** The tokens that most of the answer flow through response token t comes from: [{position, share}], the largest share first. */
export function flowInto(trace, t) {
  return rowOf(trace.flowEdges.into, trace.flowEdges.count, t).map(({ position, weight }) => ({ position, share: weight }));
}

/** The tokens that most of it goes on to, likewise; none for a token of the answer, at which the flow ends. */
export function flowOutOf(trace, t) {
  return rowOf(trace.flowEdges.out, trace.flowEdges.count, t).map(({ position, weight }) => ({ position, share: weight }));
}

/**
 * The weight that others are drawn in proportion to: the strongest except that of the first token, which is an
 * attention sink.
 */
export function fullWeight(links) {
  const apart = links.filter(({ position }) => position > 0);
  return (apart.length ? apart : links).reduce((most, { weight }) => Math.max(most, weight), 0);
}

/** The later tokens that have this position among their strongest: [{position, weight}], strongest first. */
export function drawnOnBy(trace, group, position) {
  if (!trace.links.inverse.has(group)) {
    trace.links.inverse.set(group, invert(trace, group));
  }
  return trace.links.inverse.get(group).get(position) ?? [];
}

function invert(trace, group) {
  const inverse = new Map();
  for (let t = 0; t < trace.length; t++) {
    for (const { position, weight } of drawsOn(trace, group, t)) {
      if (!inverse.has(position)) {
        inverse.set(position, []);
      }
      inverse.get(position).push({ position: trace.promptLength + t, weight });
    }
  }
  for (const list of inverse.values()) {
    list.sort((a, b) => b.weight - a.weight);
  }
  return inverse;
}

/** Text of the token at an absolute position. */
export function textAt(trace, position) {
  return position < trace.promptLength ? trace.prompt[position] : trace.tokens[position - trace.promptLength];
}

function bytes(base64) {
  const text = atob(base64);
  const block = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    block[i] = text.charCodeAt(i);
  }
  return block;
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
