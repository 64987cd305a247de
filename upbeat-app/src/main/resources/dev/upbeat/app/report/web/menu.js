// A menu: a button that unfolds a box, which closes at a click elsewhere and with Escape.

import { el, listen } from 'upbeat/dom.js';

const EDGE = 12; // kept free at the right of the window, pixels

/** The menu as an element; `items` are elements, or functions of close() that make one. */
export function createMenu(name, items) {
  const menu = el('details', { class: 'menu' }, el('summary', {}, name));
  const close = () => {
    menu.open = false;
  };
  const box = el('div', { class: 'items' }, items.map((item) => (typeof item === 'function' ? item(close) : item)));
  menu.append(box);
  menu.addEventListener('toggle', () => {
    box.style.left = 0;
    box.style.left = `${Math.min(0, document.documentElement.clientWidth - EDGE - box.getBoundingClientRect().right)}px`;
  });
  listen(document, 'click', (event) => menu.contains(event.target) || close());
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && menu.open) {
      event.stopPropagation();
      close();
      menu.firstChild.focus();
    }
  });
  return menu;
}
