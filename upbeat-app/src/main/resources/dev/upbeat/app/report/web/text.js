// The response as text, scrolled: only the lines near the view are in the document, so that long responses scroll as
// fast as short ones.

import { chunkAt, partnersOf } from 'upbeat/beat.js';
import { directionOf, hasRightToLeft } from 'upbeat/bidi.js';
import { drawnOnBy, drawsOn, flowInto, flowOutOf } from 'upbeat/data.js';
import { button, el } from 'upbeat/dom.js';
import { metric } from 'upbeat/metrics.js';
import { count } from 'upbeat/numbers.js';
import { onTheme } from 'upbeat/theme.js';
import { sentenceButton, tokenElement } from 'upbeat/token.js';
import { breakLines, createRuler } from 'upbeat/wrap.js';

// Pixels.
const LINE = 34; // with room for the marks above and below the words
const OVERSCAN = 6 * LINE;
const EDGE = 4; // kept free at the right, so that rounding never wraps
const SENTENCE_GAP = 7;
const PROMPT_END = 14;
const MARGIN = 16; // below the text; text.css
const GUTTER = { wide: 176, narrow: 96, below: 620 };

/** The text panel in a scrolling element; `prefix`, one letter, begins the ids of its tokens; `onHeight()` hears a new height of the text. */
export function createText(scroller, store, prefix = 't', onHeight) {
  const fold = button('', () => store.set({ prompt: !store.get().prompt }), { class: 'fold' });
  const sheet = el('div', { class: 'sheet', role: 'listbox', tabindex: '0', 'aria-label': 'Tokens of the response' });
  const says = el('span', { class: 'says', hidden: true });
  scroller.append(el('div', { class: 'fold-line' }, fold, says), sheet);
  let rows = []; // {start, end, top, sentence, prompt}: tokens of the prompt count from -promptLength
  let rowsOf = null; // the trace of these rows
  let drawn = new Map(); // index of a row -> its element
  let width = 0;
  let measure = null;
  const context = { prefix, hits: new Set(), relations: new Map(), partners: new Set() };

  function layout() {
    const { current, view, prompt } = store.get();
    if (!current || view === 'map' || !scroller.clientWidth) {
      return;
    }
    measure = createRuler(sheet);
    const narrow = scroller.clientWidth < GUTTER.below;
    const gutter = view === 'sentences' ? (narrow ? GUTTER.narrow : GUTTER.wide) : 0;
    sheet.style.setProperty('--gutter', `${gutter}px`);
    sheet.classList.toggle('narrow', narrow);
    const full = sheet.clientWidth - EDGE;
    rowsOf = current;
    rows = [];
    let top = 0;
    const add = (lines, { offset = 0, sentence = -1, inPrompt = false, gaps = true }) => {
      lines.forEach(({ start, end, gap }, i) => {
        rows.push({ start: start + offset, end: end + offset, top, sentence: i ? -1 : sentence, prompt: inPrompt });
        top += LINE + (gaps ? gap : 0);
      });
    };
    if (prompt) {
      const lines = breakLines(current.prompt, 0, current.promptLength, full, measure);
      add(lines, { offset: -current.promptLength, inPrompt: true });
      top += PROMPT_END;
    }
    if (view === 'sentences') {
      current.sentences.forEach(({ start, end }, sentence) => {
        add(breakLines(current.tokens, start, end, full - gutter, measure), { sentence, gaps: false });
        top += SENTENCE_GAP;
      });
    } else {
      add(breakLines(current.tokens, 0, current.length, full, measure), {});
    }
    sheet.style.height = `${top}px`;
    fold.textContent = `Prompt \u00b7 ${count(current.promptLength, 'token')}`;
    fold.setAttribute('aria-expanded', prompt);
    sayWhat();
    redraw();
  }

  /** Explains the numbers beside the sentences. */
  function sayWhat() {
    const { view, by } = store.get();
    const m = metric(by);
    says.hidden = view !== 'sentences';
    says.textContent = `beside a sentence: mean \u00b7 ${m.low ? 'minimum' : 'maximum'} of ${m.name}, ${m.unit}`;
  }

  /** The first row whose top is at or below y, by bisection. */
  function rowAt(y) {
    let from = 0;
    let to = rows.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (rows[middle].top < y) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  function redraw() {
    drawn.forEach((element) => element.remove());
    drawn = new Map();
    drawView();
  }

  function drawView() {
    if (rowsOf !== store.get().current) {
      return;
    }
    const top = scroller.scrollTop - sheet.offsetTop;
    const bottom = top + scroller.clientHeight;
    const first = Math.max(0, rowAt(top - OVERSCAN - LINE));
    const last = rowAt(bottom + OVERSCAN);
    for (const [r, element] of drawn) {
      if (r < first || r >= last) {
        element.remove();
        drawn.delete(r);
      }
    }
    for (let r = first; r < last; r++) {
      if (!drawn.has(r)) {
        drawn.set(r, lineElement(rows[r]));
        sheet.append(drawn.get(r));
      }
    }
    const within = rows.slice(rowAt(top - LINE / 2), rowAt(bottom - LINE / 2)).filter((row) => !row.prompt);
    store.set({ inView: within.length ? [within[0].start, within.at(-1).end - 1] : null });
  }

  function lineElement(row) {
    const state = store.get();
    const line = el('div', { class: row.prompt ? 'line of-prompt' : 'line', role: 'presentation' });
    line.style.top = `${row.top}px`;
    orient(line, row, state.current);
    if (row.sentence >= 0) {
      line.append(sentenceButton(row.sentence, state, (token) => store.set({ token })));
    }
    let part = line;
    for (let t = row.start; t < row.end; t++) {
      const chunk = state.chunks && t >= 0 ? chunkAt(state.current.chunks, t) : -1;
      if (chunk >= 0 && (t === row.start || state.current.chunks[chunk].start === t)) {
        part = el('span', { class: chunk % 2 ? 'chunk shaded' : 'chunk', role: 'presentation' });
        line.append(part);
      }
      part.append(tokenElement(t, t === row.start, state, context));
    }
    return line;
  }

  /** Shows Hebrew and Arabic in reading order. Other lines isolate each token, so that no token reorders another. */
  function orient(line, row, trace) {
    const tokens = row.prompt
      ? trace.prompt.slice(row.start + trace.promptLength, row.end + trace.promptLength)
      : trace.rightToLeft ? trace.tokens.slice(row.start, row.end) : [];
    if (tokens.some(hasRightToLeft)) {
      line.classList.add('bidi');
      line.dir = row.prompt ? directionOf(tokens.join('')) : trace.rightToLeft[row.start] ? 'rtl' : 'ltr';
    } else if (!row.prompt && trace.rightToLeft?.[row.start]) {
      line.classList.add('bidi');
      line.dir = 'rtl'; // a line of numbers in such a paragraph
    }
  }

  /** Scrolls a token to the middle, unless its line is in view to within `slack` pixels. */
  function reveal(t, slack = 0) {
    const row = rows.find((r) => t >= r.start && t < r.end);
    if (row) {
      const y = row.top + sheet.offsetTop;
      const end = scroller.scrollTop + scroller.clientHeight;
      if (y < scroller.scrollTop - slack || y + LINE > end + slack) {
        scroller.scrollTop = y - scroller.clientHeight / 2;
        drawView();
      }
    }
  }

  function relate() {
    const { current, token, by } = store.get();
    context.relations = new Map();
    context.partners = new Set(token === null || !current ? [] : partnersOf(current.couplings, token));
    const mark = (links, relation) =>
      links.forEach((link) => context.relations.set(link.position - current.promptLength, relation));
    if (token !== null && by === 'flow' && current?.flowEdges) { // tinted by flow, the underlined tokens are those of the flow
      mark(flowOutOf(current, token), 'target');
      mark(flowInto(current, token), 'source');
    } else if (token !== null && current?.links) {
      const position = current.promptLength + token;
      ['local', 'global'].forEach((group) => mark(drawnOnBy(current, group, position), 'target'));
      ['local', 'global'].forEach((group) => mark(drawsOn(current, group, token), 'source'));
    }
  }

  /** The token of the line above (-1) or below (1) that is nearest to t. */
  function neighbourLine(t, direction) {
    const { current } = store.get();
    const lines = rows.filter((row) => !row.prompt);
    const r = lines.findIndex((row) => t >= row.start && t < row.end);
    const other = lines[r + direction];
    if (rowsOf !== current || r < 0 || !other) {
      return t;
    }
    const widthOf = (from, to) => current.tokens.slice(from, to).reduce((sum, token) => sum + measure(token), 0);
    const x = widthOf(lines[r].start, t) + widthOf(t, t + 1) / 2;
    let at = other.start;
    while (at < other.end - 1 && widthOf(other.start, at + 1) < x) {
      at++;
    }
    return at;
  }

  const tokenOf = (event) => {
    const t = Number(event.target.closest('.t')?.id.slice(1) ?? NaN);
    return t >= 0 ? t : null;
  };
  sheet.addEventListener('click', (event) => {
    const t = tokenOf(event);
    if (t !== null) {
      store.set({ token: t === store.get().token ? null : t });
    }
  });
  sheet.addEventListener('mousemove', (event) => store.set({ hover: tokenOf(event) }));
  sheet.addEventListener('mouseleave', () => store.set({ hover: null }));
  scroller.addEventListener('scroll', () => requestAnimationFrame(drawView), { passive: true });
  new ResizeObserver(() => {
    const { inView, token } = store.get();
    const pinned = inView !== null && token !== null && token >= inView[0] && token <= inView[1];
    if (scroller.clientWidth === width) {
      drawView();
    } else {
      layout();
    }
    width = scroller.clientWidth;
    if (inView) {
      reveal(pinned ? token : inView[0], pinned ? 0 : LINE / 2);
    }
  }).observe(scroller);
  new ResizeObserver(onHeight).observe(sheet);

  onTheme(redraw);
  store.on(['scale', 'marks', 'chunks', 'couplings', 'other'], redraw);
  store.on(['by'], sayWhat);
  store.on(['view', 'prompt'], layout);
  store.on(['hover'], ({ hover }) => {
    sheet.querySelector('.t.hover')?.classList.remove('hover');
    document.getElementById(`${prefix}${hover}`)?.classList.add('hover');
  });
  // In this order: rows of the new trace before anything is drawn from them.
  store.on(['current'], () => {
    context.hits = new Set();
    scroller.scrollTop = 0;
    layout();
  });
  store.on(['by'], () => {
    relate();
    redraw();
  });
  store.on(['current', 'token'], ({ token }) => {
    relate();
    redraw();
    if (token === null) {
      sheet.removeAttribute('aria-activedescendant');
    } else {
      reveal(token);
      sheet.setAttribute('aria-activedescendant', `${prefix}${token}`);
    }
  });
  return {
    /** Height of the whole text, pixels. */
    height: () => sheet.offsetTop + sheet.offsetHeight + MARGIN,
    /** Shows which tokens a search has found. */
    mark(tokens) {
      context.hits = new Set(tokens);
      redraw();
    },
    reveal,
    neighbourLine,
  };
}
