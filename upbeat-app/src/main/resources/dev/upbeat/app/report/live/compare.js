// Compare: the same traces under two checkpoints.

export const title = 'Compare';

/** Whether the navigation offers the view. `info` is the answer of `/v1/info`. */
export const offered = () => false;

/** Fills an element until `signal` aborts; `app` as in app.js. */
export function show(host) {
  host.textContent = 'This view is not there yet.';
}
