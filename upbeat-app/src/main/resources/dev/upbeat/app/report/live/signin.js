// The form for the token. The server gives a cookie for it that scripts cannot read.

import { button, el } from 'upbeat/dom.js';
import { call } from 'upbeat/live/client.js';

/** Shows the form in an element; resolves when the token was right. */
export function signIn(host) {
  return new Promise((done) => {
    const token = el('input', { type: 'password', id: 'token', autocomplete: 'current-password', required: true });
    const wrong = el('p', { class: 'wrong', role: 'alert' });
    const form = el('form', { class: 'sign-in' },
      el('h2', {}, 'This server asks for its token'),
      el('p', { class: 'note' }, 'It is the content of the file that the server was started with (--token-file).'),
      el('label', { for: 'token' }, 'Token'), token, wrong,
      button('Sign in', null, { class: 'push', type: 'submit' }));
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      try {
        await call('/v1/session', { body: {}, headers: { Authorization: `Bearer ${token.value.trim()}` } });
        done();
      } catch (error) {
        wrong.textContent = error.status === 401 ? 'This is not the token of this server.' : error.message;
        token.select();
      }
    });
    host.replaceChildren(form);
    token.focus();
  });
}
