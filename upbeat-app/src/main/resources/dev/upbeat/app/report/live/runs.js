// Runs: the run directories of the server, and one of them as it grows.

import { el } from 'upbeat/dom.js';
import { call } from 'upbeat/live/client.js';
import { showReport } from 'upbeat/live/reading.js';

export const title = 'Runs';

/** Whether the navigation offers the view. `info` is the answer of `/v1/info`. */
export const offered = (info) => info.runs;

/** Fills an element until `signal` aborts; `rest` is the address after `#/runs/`, `app` as in app.js. */
export async function show(host, rest, app, signal) {
  if (rest) {
    await showReport(host, await call(`/v1/runs/${encodeURIComponent(rest)}/report`, { signal }), signal);
    return;
  }
  const list = el('ul');
  host.append(list);
  const read = async () => {
    const { runs } = await call('/v1/runs', { signal });
    list.replaceChildren(...runs.map((name) => el('li', {}, el('a', { href: `#/runs/${encodeURIComponent(name)}` }, name))));
  };
  app.connection.on('up', read, signal);
  app.connection.on('runs', read, signal);
  await read();
}
