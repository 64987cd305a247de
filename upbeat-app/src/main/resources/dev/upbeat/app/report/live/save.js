// A form that saves traces as a run of the server.

import { button, el } from 'upbeat/dom.js';
import { call, CallError } from 'upbeat/live/client.js';

/** The form; `traces` as `/v1/traces` takes them, `groups` their head groups. */
export function createSave(traces, groups) {
  const name = el('input', { id: 'run-name', required: true, maxlength: 200, pattern: '[A-Za-z0-9._@=+\\-]+', value: `asked-${stamp(new Date())}`, title: 'Letters, digits and . _ - @ = +' });
  const says = el('span', { class: 'wrong', role: 'alert' });
  const save = el('button', { class: 'push', type: 'submit' }, 'Save');
  const open = button('Save as a run', () => {
    open.hidden = true;
    form.hidden = false;
    name.select();
  }, { class: 'push' });
  const form = el('form', { class: 'save', hidden: true }, el('label', {}, 'Name of the run ', name), save, says);
  const host = el('span', { class: 'saving' }, open, form);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    save.disabled = true;
    says.textContent = '';
    try {
      const { run } = await call('/v1/traces', { body: { run: name.value, traces, groups } });
      host.replaceChildren(el('span', { role: 'status' }, 'Saved as ', el('a', { href: `#/runs/${encodeURIComponent(run)}` }, run)));
    } catch (error) {
      if (!(error instanceof CallError)) {
        throw error;
      }
      says.textContent = error.message;
    } finally {
      save.disabled = false;
    }
  });
  return host;
}

/** 20261201-184503. */
function stamp(date) {
  const local = new Date(date - date.getTimezoneOffset() * 60_000).toISOString();
  return local.slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
}
