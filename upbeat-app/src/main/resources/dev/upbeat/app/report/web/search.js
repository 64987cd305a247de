// Search in the response's text: every place it occurs, one after the other.

import { button, el } from 'upbeat/dom.js';

/** A search field. `found(tokens)` is called with the tokens of all matches, `reach(token)` to scroll to one. */
export function createSearch(store, found, reach) {
  let matches = []; // [first, last] token of each
  let at = -1;
  const input = el('input', { type: 'search', placeholder: 'Search text  /', 'aria-label': 'Search the response', id: 'search' });
  const status = el('output', { class: 'matches', 'aria-live': 'polite' });
  const step = (direction) => {
    if (matches.length) {
      at = (at + direction + matches.length) % matches.length;
      status.textContent = `${at + 1} of ${matches.length}`;
      store.set({ token: matches[at][0] });
      reach(matches[at][0]);
    }
  };

  function search() {
    const { current } = store.get();
    matches = input.value ? matchesOf(current.tokens, input.value) : [];
    at = -1;
    status.textContent = input.value ? (matches.length ? `${matches.length} found` : 'not found') : '';
    found(matches.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i)));
    if (matches.length) {
      reach(matches[0][0]);
    }
  }

  input.addEventListener('input', search);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      input.value = '';
      search();
      input.blur();
    }
  });
  store.on(['current'], () => {
    input.value = '';
    status.textContent = '';
    matches = [];
  });
  return {
    element: el('div', { class: 'search', role: 'search' }, input, status,
      button('\u2039', () => step(-1), { class: 'quiet', 'aria-label': 'Previous match', title: 'Previous match (Shift+Enter)' }),
      button('\u203a', () => step(1), { class: 'quiet', 'aria-label': 'Next match', title: 'Next match (Enter)' })),
    focus: () => input.focus(),
  };
}

/** First and last token of each match, ignoring case. */
function matchesOf(tokens, query) {
  const ends = [];
  let length = 0;
  const parts = tokens.map((token) => {
    const part = token.toLowerCase();
    length += part.length;
    ends.push(length);
    return part;
  });
  const text = parts.join('');
  const wanted = query.toLowerCase();
  const matches = [];
  let token = 0;
  for (let from = text.indexOf(wanted); from >= 0; from = text.indexOf(wanted, from + wanted.length)) {
    while (ends[token] <= from) {
      token++;
    }
    const first = token;
    let last = token;
    while (ends[last] < from + wanted.length) {
      last++;
    }
    matches.push([first, last]);
  }
  return matches;
}
