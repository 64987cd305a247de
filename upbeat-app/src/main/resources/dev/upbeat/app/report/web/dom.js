// Building the page from data that is never trusted as markup: text only ever becomes a text node.

const SVG = 'http://www.w3.org/2000/svg';

/** An element: el('button', {class: 'x', 'aria-label': 'y', onclick: f}, 'text', child). Null attributes are left out. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A button that submits nothing. */
export function button(label, onclick, attributes = {}) {
  return el('button', { type: 'button', onclick, ...attributes }, label);
}

/** Shows a message at the foot of the page for a few seconds; screen readers speak it. */
export function notify(message) {
  const line = document.getElementById('notice');
  line.textContent = message;
  line.classList.add('shown');
  clearTimeout(notify.timer);
  notify.timer = setTimeout(() => line.classList.remove('shown'), 5000);
}

let lifetime; // AbortSignal that ends the listeners added now; undefined for listeners that last as long as the page

/** Creates panels whose listeners outside their own elements end with an AbortSignal. */
export function within(signal, create) {
  const before = lifetime;
  lifetime = signal;
  try {
    return create();
  } finally {
    lifetime = before;
  }
}

/** Adds a listener to the window or the document, which outlive the panel that adds it. */
export function listen(target, type, listener) {
  target.addEventListener(type, listener, { signal: lifetime });
}

/** Calls `action` when the panel that is created now ends. */
export function onEnd(action) {
  lifetime?.addEventListener('abort', action, { once: true });
}
