// Calls of the server: JSON, and streams of events. An error is a CallError whose message is a sentence for the reader.

/** `status`: of the answer; 0 if there was none. */
export class CallError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export const AWAY = 'The server does not answer.';

const signedOut = new Set();

/** Calls `listener` whenever the server asks for the token. */
export function onSignedOut(listener) {
  signedOut.add(listener);
}

/** The answer of GET, or of POST if there is a `body`, as JSON; null if it is empty. `headers` are further ones. */
export async function call(path, { body, headers = {}, signal } = {}) {
  const response = await answer(path, { body, headers, signal });
  try {
    const text = await response.text();
    return text === '' ? null : JSON.parse(text);
  } catch (error) {
    throw signal?.aborted ? error : new CallError(AWAY, 0);
  }
}

/**
 * The events of a stream, as they come: {event, data}, data read as JSON. The stream of a POST if there is a `body`. Ends with the
 * stream; throws a CallError if the server refuses it or goes away.
 */
export async function* stream(path, { body, signal } = {}) {
  const response = await answer(path, { body, headers: { Accept: 'text/event-stream' }, signal });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await read(reader, signal);
      if (done) {
        return;
      }
      text += value;
      const whole = text.split('\n\n');
      text = whole.pop();
      yield* whole.map(eventOf).filter(({ data }) => data !== undefined);
    }
  } finally {
    reader.cancel().catch(() => {}); // it has ended already
  }
}

async function read(reader, signal) {
  try {
    return await reader.read();
  } catch (error) {
    throw signal?.aborted ? error : new CallError(AWAY, 0);
  }
}

function eventOf(block) {
  const fields = Object.fromEntries(block.split('\n').map((line) => /^(event|data): (.*)$/.exec(line)?.slice(1)).filter(Boolean));
  return { event: fields.event, data: fields.data === undefined ? undefined : JSON.parse(fields.data) };
}

async function answer(path, { body, headers, signal }) {
  let response;
  try {
    response = await fetch(path, {
      method: body === undefined ? 'GET' : 'POST', signal, cache: 'no-store',
      headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    throw signal?.aborted ? error : new CallError(AWAY, 0);
  }
  if (response.ok) {
    return response;
  }
  const { error } = await response.json().catch(() => ({}));
  if (response.status === 401 && !headers.Authorization) {
    signedOut.forEach((listener) => listener());
  }
  throw new CallError(sentence(error ?? `the server answered with status ${response.status}`), response.status);
}

/** A message of the server as a sentence. */
function sentence(message) {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
