// Runs: the list of the server's runs, or one or more of them as they grow.

import { showList } from 'upbeat/live/list.js';
import { showRuns } from 'upbeat/live/run.js';

export const title = 'Runs';

/** Whether the navigation offers the view. `info` is the answer of `/v1/info`. */
export const offered = (info) => info.runs;

/** Fills an element until `signal` aborts; `rest` is the address after `#/runs/`: NAME, NAME,NAME, NAME/traces; `app` as in app.js. */
export async function show(host, rest, app, signal) {
  const [names, tab] = rest.split('/');
  await app.states.read();
  if (signal.aborted) {
    return;
  }
  if (names) {
    await showRuns(host, names.split(','), tab === 'traces' ? 'traces' : 'curves', app, signal);
  } else {
    showList(host, app, signal);
  }
}
