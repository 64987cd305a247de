// Where each run stands, as the server tells it, and in words.

import { whole } from 'upbeat/numbers.js';
import { call } from 'upbeat/live/client.js';

/**
 * Follows the states of all runs. Returns {all(), of(name), onChange(listener, signal)}. A state is an entry of `states` of
 * `/v1/runs`; a run whose directory was deleted meanwhile keeps its last one, with the state `deleted`.
 */
export function followStates(connection) {
  const known = new Map();
  const listeners = new Set();
  const tell = () => [...listeners].forEach((listener) => listener());

  function keepOnly(names) {
    for (const [name, run] of known) {
      if (!names.includes(name)) {
        known.set(name, { ...run, state: 'deleted', seconds_left: null });
      }
    }
  }

  async function read() {
    const { runs, states } = await call('/v1/runs');
    states.forEach((run) => known.set(run.name, run));
    keepOnly(runs);
    tell();
  }

  const tryToRead = () => read().catch(() => {}); // without an answer the connection is down too, and says so
  connection.on('up', tryToRead);
  connection.on('runs', ({ runs }) => {
    keepOnly(runs);
    tell();
    tryToRead();
  });
  connection.on('state', (run) => {
    known.set(run.name, run);
    tell();
  });

  return {
    read,
    all: () => [...known.values()],
    of: (name) => known.get(name),
    onChange(listener, signal) {
      listeners.add(listener);
      signal.addEventListener('abort', () => listeners.delete(listener));
    },
  };
}

/** step 12 of 40. */
export function progress({ kind, step, steps }) {
  return kind === 'analysis' ? 'analysis' : `step ${whole(step)} of ${whole(steps)}`;
}

/** about 3 min left; empty if it is not known. */
export function timeLeft({ seconds_left: seconds }) {
  return seconds === null ? '' : `${duration(seconds)} left`;
}

function duration(seconds) {
  const minutes = Math.round(seconds / 60);
  if (minutes < 1) {
    return 'less than a minute';
  }
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `about ${minutes} min` : hours < 48 ? `about ${hours} h ${minutes % 60} min` : `about ${Math.round(hours / 24)} days`;
}

/** What a state means, for a run that does not go on; empty for others. */
export function explanation({ state, step }) {
  return {
    stopped: `It was interrupted after step ${whole(step)} and saved; upbeat train --resume continues it.`,
    died: `Its process ended without saving step ${whole(step)}; upbeat train --resume continues it from its last checkpoint.`,
    deleted: 'Its directory was deleted. The page shows what it has read before.',
  }[state] ?? '';
}

/** The address of a view of runs. */
export function addressOf(names, tab = 'curves') {
  return `#/runs/${names.map(encodeURIComponent).join(',')}${tab === 'traces' ? '/traces' : ''}`;
}
