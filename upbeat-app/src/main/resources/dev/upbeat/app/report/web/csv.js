// The tokens as CSV (RFC 4180, lines end with LF): the columns of the tokens table of a run directory, then the peaks.

import { METRICS } from 'upbeat/metrics.js';
import { float32 } from 'upbeat/numbers.js';

const ORDER = ['logprob', 'entropy', 'waad', 'fai', 'receiver', 'gamma'];

/** Traces as one CSV text with a row for each response token; an undefined value is an empty field. */
export function tokensCsv(traces) {
  const columns = ORDER.map((key) => METRICS.find((m) => m.key === key)).filter((m) => traces.some((t) => m.key in t.series));
  const lines = [['trace_id', 'position', 'token_id', 'token', ...columns.map((m) => m.file), 'waad_peak', 'fai_peak', 'anchor']];
  for (const trace of traces) {
    for (let t = 0; t < trace.length; t++) {
      lines.push([
        trace.id, trace.promptLength + t, trace.ids[t], trace.tokens[t],
        ...columns.map((m) => (m.key in trace.series ? float32(trace.series[m.key][t]) : '')),
        trace.isPeak.waad.has(t), trace.isPeak.faiPeak.has(t), trace.isPeak.fai.has(t),
      ]);
    }
  }
  return `${lines.map((line) => line.map(field).join(',')).join('\n')}\n`;
}

const FORMULA = /^[=+\-@\t\r]/; // a spreadsheet runs such a cell as a formula
const NUMBER = /^[+-]?((\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?|Infinity)$/i;

/** Puts an apostrophe before a cell that begins like a formula, as OWASP advises, unless it is a number. */
function field(value) {
  const given = String(value);
  const text = FORMULA.test(given) && !NUMBER.test(given) ? `'${given}` : given;
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
