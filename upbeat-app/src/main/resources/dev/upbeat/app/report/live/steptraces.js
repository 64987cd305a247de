// The traces of one step of a run, or of two runs beside each other, with everything that the report shows of a trace.

import { button, el } from 'upbeat/dom.js';
import { whole } from 'upbeat/numbers.js';
import { call } from 'upbeat/live/client.js';
import { showReport } from 'upbeat/live/reading.js';

const LIMIT = 64;

/** Fills an element with the newest traces, until `signal` aborts; later ones are offered, and shown when asked for. */
export async function showTraces(host, names, { connection }, signal) {
  const body = el('div', { class: 'fill' });
  const steps = el('select', { 'aria-label': 'Step' });
  const later = button('', () => show(null), { class: 'push', hidden: true });
  const tools = el('div', { class: 'step-tools', hidden: true }, el('label', { class: 'captioned' }, el('span', { class: 'caption' }, 'traces of step'), steps), later);
  host.append(tools, body);
  steps.addEventListener('change', () => show(Number(steps.value)));
  let shown = null; // AbortController of the traces

  async function show(step) {
    shown?.abort();
    shown = new AbortController();
    const { signal: own } = shown;
    later.hidden = true;
    const path = (name) => `/v1/runs/${encodeURIComponent(name)}`;
    const run = await call(path(names[0]), { signal });
    const chosen = step ?? run.trace_steps.at(-1);
    const reports = await Promise.all(names.slice(0, 2).map((name, i) =>
      call(`${path(name)}/report?limit=${LIMIT}${i === 0 && chosen !== undefined ? `&step=${chosen}` : ''}`, { signal })));
    steps.replaceChildren(...run.trace_steps.map((each) => el('option', { value: each, selected: each === chosen }, whole(each))));
    tools.hidden = run.trace_steps.length === 0;
    if (!own.aborted) {
      await showReport(body, reports.reduce(beside), own);
    }
  }

  signal.addEventListener('abort', () => shown?.abort());
  connection.on('traces', ({ run, step }) => {
    if (run === names[0]) {
      later.hidden = false;
      later.textContent = `Show the new traces of step ${whole(step)}`;
    }
  }, signal);
  await show(null).catch((error) => {
    body.replaceChildren(el('p', { class: 'note' }, error.message));
    connection.on('up', () => show(null).catch(() => {}), signal);
  });
}

/** Two reports as one of two runs; the same prompt has the same number in both. */
export function beside(one, two) {
  const numbers = new Map(one.traces.map((trace, i) => [trace.promptIds, one.manifest.traces[i].prompt]));
  const prompts = Math.max(-1, ...one.manifest.traces.map(({ prompt }) => prompt)) + 1;
  const moved = two.manifest.traces.map((trace, i) => ({
    ...trace, run: one.manifest.runs.length, prompt: numbers.get(two.traces[i].promptIds) ?? prompts + trace.prompt,
  }));
  return {
    manifest: { runs: [...one.manifest.runs, ...two.manifest.runs], traces: [...one.manifest.traces, ...moved] },
    traces: [...one.traces, ...two.traces],
  };
}
