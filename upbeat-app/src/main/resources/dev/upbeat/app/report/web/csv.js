// Tables as CSV (RFC 4180, lines end with LF), with the columns of the SQL tables of a run directory. Positions count from the
// first prompt token; an undefined value is an empty field; in a training the last column is the step.

import { METRICS } from 'upbeat/metrics.js';
import { float32 } from 'upbeat/numbers.js';

const ORDER = ['logprob', 'entropy', 'waad', 'fai', 'receiver', 'gamma', 'flow'];

/** A row for each response token. */
export function tokensCsv(traces) {
  const columns = ORDER.map((key) => METRICS.find((m) => m.key === key)).filter((m) => traces.some((t) => m.key in t.series));
  return csv(traces, ['trace_id', 'position', 'token_id', 'token', ...columns.map((m) => m.file), 'waad_peak', 'fai_peak', 'anchor', 'intro'],
    (trace) => trace.tokens.map((token, t) => [
      trace.id, trace.promptLength + t, trace.ids[t], token,
      ...columns.map((m) => (m.key in trace.series ? float32(trace.series[m.key][t]) : '')),
      trace.isPeak.waad.has(t), trace.isPeak.faiPeak.has(t), trace.isPeak.fai.has(t),
      trace.intros[t] < 0 ? '' : trace.promptLength + trace.intros[t],
    ]));
}

/** A row for each chunk; `end` is the position behind its last token. */
export function chunksCsv(traces) {
  return csv(traces, ['trace_id', 'start', 'end', 'tokens', 'depth', 'text'], (trace) => trace.chunks.map(({ start, end, depth }) => [
    trace.id, trace.promptLength + start, trace.promptLength + end, end - start, Number.isNaN(depth) ? '' : depth, trace.tokens.slice(start, end).join('')]));
}

/** A row for each coupling. */
export function couplingsCsv(traces) {
  return csv(traces, ['trace_id', 'intro', 'anchor', 'waad_change', 'fai'], (trace) => trace.couplings.map(({ intro, anchor, change }) => [
    trace.id, trace.promptLength + intro, trace.promptLength + anchor, float32(change), float32(trace.series.fai[anchor])]));
}

function csv(traces, columns, rowsOf) {
  const step = traces.some((trace) => trace.step !== undefined);
  const lines = traces.flatMap((trace) => rowsOf(trace).map((row) => (step ? [...row, trace.step] : row)));
  return `${[step ? [...columns, 'step'] : columns, ...lines].map((line) => line.map(field).join(',')).join('\n')}\n`;
}

const FORMULA = /^[=+\-@\t\r]/; // a spreadsheet runs such a cell as a formula
const NUMBER = /^[+-]?((\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?|Infinity)$/i;

/** Puts an apostrophe before a cell that begins like a formula, as OWASP advises, unless it is a number. */
function field(value) {
  const given = String(value);
  const text = FORMULA.test(given) && !NUMBER.test(given) ? `'${given}` : given;
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
