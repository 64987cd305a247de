// The metrics of runs, read once and then extended as their lines come.

import { call } from 'upbeat/live/client.js';

/**
 * Follows metrics. Returns {read(name), of(name), onChange(listener, signal)}: `read` resolves when a run's lines so far are
 * there; `of` gives them by columns, {steps, series: {name: Float32Array}}, as in the report; a listener hears a run's name.
 */
export function followMetrics(connection) {
  const known = new Map(); // name -> {next: offset in bytes, lines, columns, reading}
  const listeners = new Set();

  function replace(name, run, next, lines) {
    Object.assign(run, { next, lines, columns: null });
    [...listeners].forEach((listener) => listener(name));
  }

  async function readFrom(name, run, start) {
    let lines = start === 0 ? [] : run.lines;
    for (let offset = start; ;) {
      const { from, next, metrics } = await call(`/v1/runs/${encodeURIComponent(name)}/metrics?from=${offset}`);
      lines = from < offset ? metrics : [...lines, ...metrics]; // a resumed run was cut back
      offset = next;
      if (!metrics.length) {
        replace(name, run, next, lines);
        return;
      }
    }
  }

  function read(name) {
    const run = known.get(name) ?? { next: 0, lines: [], columns: null, reading: null };
    known.set(name, run);
    run.reading ??= readFrom(name, run, 0).finally(() => {
      run.reading = null;
    });
    return run.reading;
  }

  connection.on('metrics', ({ run: name, from, next, metrics }) => {
    const run = known.get(name);
    if (!run || run.reading) {
      return;
    }
    if (from === 0) {
      replace(name, run, next, metrics);
    } else if (from === run.next) {
      replace(name, run, next, [...run.lines, ...metrics]);
    } else if (next > run.next) {
      read(name).catch(() => {}); // the connection is down too, and says so
    }
  });
  connection.on('up', () => [...known.keys()].forEach((name) => read(name).catch(() => {})));

  return {
    read,
    of(name) {
      const run = known.get(name);
      if (run) {
        run.columns ??= columnsOf(run.lines);
      }
      return run?.columns ?? columnsOf([]);
    },
    onChange(listener, signal) {
      listeners.add(listener);
      signal.addEventListener('abort', () => listeners.delete(listener));
    },
  };
}

function columnsOf(lines) {
  const series = {};
  lines.forEach((line, i) => {
    for (const [name, value] of Object.entries(line)) {
      if (name !== 'step' && typeof value === 'number') {
        series[name] ??= new Float32Array(lines.length).fill(NaN);
        series[name][i] = value;
      }
    }
  });
  return { steps: lines.map(({ step }) => step), series };
}
