// The list of traces: id, verdict, length, a sparkline of the chosen metric; on narrow pages a select instead.

import { harmless } from 'upbeat/bidi.js';
import { button, el, svg } from 'upbeat/dom.js';
import { count, format, signed, whole } from 'upbeat/numbers.js';

const SPARK = { width: 216, height: 26, undefined: 255, top: 254 };

/** `open(index)` shows a trace. */
export function createTraceList(list, select, { runs, traces }, store, open) {
  const items = traces.map((trace, i) => {
    const item = button([
      el('span', { class: 'id' }, trace.id),
      verdict(trace),
      advantage(trace),
      el('span', { class: 'length', title: 'tokens of the response' }, whole(trace.length)),
      elsewhere(trace),
      el('span', { class: 'preview', dir: 'auto' }, harmless(trace.preview)),
      el('span', { class: 'spark', 'aria-hidden': 'true' }),
    ], () => open(i), { class: 'trace' });
    return el('li', {}, item);
  });
  const headings = new Map(); // first trace of a step -> the step's heading
  traces.forEach((trace, i) => {
    if (trace.step !== undefined && (traces[i - 1]?.step !== trace.step || traces[i - 1]?.run !== trace.run)) {
      headings.set(i, el('li', { class: 'step' }, `step ${whole(trace.step)}`));
    }
  });
  const none = el('p', { class: 'note', hidden: true }, 'No trace matches.');
  const filter = el('input', { type: 'search', 'aria-label': 'Filter the traces', id: 'filter' });
  list.append(filter, none, el('ol', {}, items.flatMap((item, i) => (headings.has(i) ? [headings.get(i), item] : [item]))));
  select.addEventListener('change', () => open(Number(select.value)));

  /** Shows the traces of the current run that match the filter. */
  function choose() {
    const { run } = store.get();
    const wanted = filter.value.toLowerCase();
    let left = 0;
    let heading = null;
    traces.forEach((trace, i) => {
      const match = trace.run === run && `${trace.id} ${trace.preview}`.toLowerCase().includes(wanted);
      items[i].hidden = !match;
      left += match;
      if (headings.has(i)) {
        heading = headings.get(i);
        heading.hidden = true;
      }
      if (match && heading) {
        heading.hidden = false;
      }
    });
    none.hidden = left > 0;
  }

  function offer({ run }) {
    const options = traces.map((trace, i) => (trace.run === run ? el('option', { value: i }, `${trace.step === undefined ? '' : `step ${whole(trace.step)} \u00b7 `}${trace.id} \u00b7 ${whole(trace.length)} tokens`) : null)).filter(Boolean);
    select.replaceChildren(...options);
    filter.placeholder = `Filter ${count(options.length, 'trace')}`;
    choose();
  }

  /** Results of other runs for the trace of the same id: ✗ or ✓ and a length. */
  function elsewhere(trace) {
    const others = runs.length < 2 ? [] : traces.filter((other) => other.run !== trace.run && other.id === trace.id);
    return others.length === 0 ? null : el('span', { class: 'elsewhere' }, others.map((other) => el('span', { title: runs[other.run].name },
      el('b', { class: `run-${other.run}` }, runs[other.run].letter), ' ', verdict(other), ` ${whole(other.length)}`)));
  }

  filter.addEventListener('input', choose);

  const drawSparks = ({ by }) => items.forEach((item, i) => {
    const line = traces[i].sparks[by];
    item.querySelector('.spark').replaceChildren(...(line ? [sparkline(line)] : []));
  });
  const mark = ({ trace }) => {
    items.forEach((item, i) => item.firstChild.setAttribute('aria-current', String(i === trace)));
    items[trace]?.scrollIntoView({ block: 'nearest' });
    select.value = trace;
  };
  store.on(['by'], drawSparks);
  store.on(['run'], offer);
  store.on(['current'], mark);
  drawSparks(store.get());
  offer(store.get());
}

/** The verdict: right, wrong, or a number in between; null without a reward. */
function verdict({ reward }) {
  if (reward === undefined) {
    return null;
  }
  const [sign, says] = reward === 1 ? ['\u2713', 'right'] : reward === 0 ? ['\u2717', 'wrong'] : [format(reward, 2), 'reward'];
  return el('span', { class: `verdict ${says}`, title: `reward ${reward}`, 'aria-label': says }, sign);
}

/** The advantage of the response in its group. */
function advantage({ advantage: value }) {
  return value === undefined || value === null ? null : el('span', { class: 'advantage', title: `advantage ${signed(value, 3)}` }, signed(value, 1));
}

function sparkline(line) {
  const { width, height, top } = SPARK;
  const x = (i) => ((i / Math.max(1, line.length - 1)) * width).toFixed(1);
  const y = (v) => (height - 2 - (v / top) * (height - 4)).toFixed(1);
  let d = '';
  line.forEach((v, i) => {
    if (v !== SPARK.undefined) {
      const joined = i > 0 && line[i - 1] !== SPARK.undefined;
      d += `${joined ? 'L' : 'M'}${x(i)} ${y(v)}${joined ? '' : 'h0'}`; // h0: a dot, if no value is beside it
    }
  });
  return svg('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none' },
    svg('path', { d, fill: 'none', 'stroke-linecap': 'round', 'vector-effect': 'non-scaling-stroke' }));
}
