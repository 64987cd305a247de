// The live page: asks for the token if the server needs it, shows the view that the address names (#/runs, #/ask, #/compare) and
// says when the server is away.
//
// A view is a module with `title`, `offered(info)` and `show(host, rest, app, signal)`, which fills an element for the part of
// the address after its name, until the signal aborts. `app`: {info, connection, states, metrics}.

import { el, notify } from 'upbeat/dom.js';
import * as ask from 'upbeat/live/ask.js';
import { AWAY, call, onSignedOut } from 'upbeat/live/client.js';
import * as compare from 'upbeat/live/compare.js';
import { connect } from 'upbeat/live/connection.js';
import { followMetrics } from 'upbeat/live/history.js';
import * as runs from 'upbeat/live/runs.js';
import { signIn } from 'upbeat/live/signin.js';
import { followStates } from 'upbeat/live/states.js';
import { publishShapes } from 'upbeat/shapes.js';
import { toggleTheme } from 'upbeat/theme.js';

const VIEWS = { runs, ask, compare };
const RETRY = 2000; // milliseconds
const at = (id) => document.getElementById(id);

const app = { info: null, connection: null, states: null, metrics: null };
let shown = null; // AbortController of the view
let signingIn = false;
let failed = false; // whether the view could not be shown

publishShapes();
at('theme').addEventListener('click', toggleTheme);
addEventListener('hashchange', route);
onSignedOut(askForToken);
start();

/** Reads what the server offers, then shows the view; tries again while there is no answer. */
async function start() {
  try {
    app.info = await call('/v1/info');
  } catch (error) {
    if (error.status !== 401) {
      say(`${error.message} The page tries again.`);
      setTimeout(start, RETRY);
    }
    return;
  }
  say(null);
  at('where').textContent = app.info.model?.name ?? '';
  if (!app.connection && app.info.runs) {
    app.connection = connect();
    app.states = followStates(app.connection);
    app.metrics = followMetrics(app.connection);
    app.connection.on('up', () => {
      say(null);
      if (failed) {
        route();
      }
    });
    app.connection.on('down', (reason) => signingIn || say(`${reason === AWAY ? 'The server is away.' : reason} What is shown stays; the page goes on when the server is back.`));
  }
  route();
}

async function askForToken() {
  if (signingIn) {
    return;
  }
  signingIn = true;
  shown?.abort();
  say(null);
  at('views').replaceChildren();
  await signIn(at('view'));
  signingIn = false;
  start();
}

/** Shows the view that the address names, else the first that the server offers. */
function route() {
  if (!app.info || signingIn) {
    return;
  }
  const offered = Object.keys(VIEWS).filter((name) => VIEWS[name].offered(app.info));
  const [, asked, rest = ''] = /^#\/(\w+)(?:\/(.*))?$/.exec(location.hash) ?? [];
  const name = asked in VIEWS ? asked : offered[0];
  shown?.abort();
  shown = new AbortController();
  failed = false;
  const { signal } = shown;
  at('views').replaceChildren(...offered.map((view) =>
    el('a', { href: `#/${view}`, 'aria-current': view === name ? 'page' : null }, VIEWS[view].title)));
  if (!name) {
    at('view').replaceChildren(el('p', { class: 'note' }, 'This server has no runs to show. Start it with --runs DIR.'));
    return;
  }
  document.title = `${VIEWS[name].title} \u00b7 Upbeat`;
  const host = el('section', { class: 'view', 'aria-label': VIEWS[name].title });
  at('view').replaceChildren(host);
  Promise.resolve(VIEWS[name].show(host, decodeURIComponent(rest), app, signal))
    .catch((error) => {
      failed = !signal.aborted;
      if (failed) {
        notify(error.message);
      }
    })
    .finally(() => {
      document.documentElement.dataset.ready = 'true';
    });
}

/** Shows a sentence below the header; null for none. */
function say(sentence) {
  at('state').hidden = sentence === null;
  at('state').textContent = sentence ?? '';
}
