// Ask: a question, and the response with its rhythm as it is written.

export const title = 'Ask';

/** Whether the navigation offers the view. `info` is the answer of `/v1/info`. */
export const offered = () => false;

/** Fills an element until `signal` aborts; `app` as in app.js. */
export function show(host) {
  host.textContent = 'This view is not there yet.';
}
