// The page's one stream of events of the runs. It connects again by itself when the server goes away and comes back.

import { CallError, stream } from 'upbeat/live/client.js';

const PAUSES = [500, 1000, 2000, 3000]; // milliseconds before each try; the last again and again

/**
 * Starts the stream of `/v1/events`. Returns {on(event, listener, signal), isUp()}. Events are the server's, and `up` and
 * `down`: the connection has come, so that the state must be read again; it is lost. The data of `down` is a sentence.
 */
export function connect() {
  const listeners = new Map();
  let up = false;

  function on(event, listener, signal) {
    const all = listeners.get(event) ?? new Set();
    listeners.set(event, all.add(listener));
    signal?.addEventListener('abort', () => all.delete(listener));
  }

  function tell(event, data) {
    for (const listener of [...(listeners.get(event) ?? [])]) {
      listener(data);
    }
  }

  async function follow() {
    for (let failures = 0; ; ) {
      let reason = 'The server has closed the connection.';
      try {
        for await (const { event, data } of stream('/v1/events')) {
          failures = 0;
          if (event === 'connected') {
            up = true;
            tell('up');
          } else if (event === 'end') {
            reason = 'The server has ended.';
          } else {
            tell(event, data);
          }
        }
        down(reason);
      } catch (error) {
        if (!(error instanceof CallError)) {
          throw error;
        }
        down(error.message);
      }
      await new Promise((done) => setTimeout(done, PAUSES[Math.min(failures++, PAUSES.length - 1)]));
    }
  }

  function down(reason) {
    up = false;
    tell('down', reason);
  }

  follow();
  return { on, isUp: () => up };
}
