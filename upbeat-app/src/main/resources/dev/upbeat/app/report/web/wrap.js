// How tokens look and where lines break. Lines are laid out from measured widths before any element exists, so that
// only the lines in view need elements.

/** Extra room after an empty line of the response, pixels. */
const PARAGRAPH = 9;
/** Space between two tokens, pixels; the style sheet's margin of a token. */
const GAP = 1;

const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;
const NAMED = { '\n': '\u21b5', '\t': '\u2192', '\r': '\u240d' };

/**
 * A token's text as it is shown: [{text, faint}]. White space that would be invisible (line breaks, tabs, tokens of
 * nothing but spaces, format controls) becomes a faint sign.
 */
export function visible(token) {
  if (token === '') {
    return [{ text: '\u2205', faint: true }];
  }
  if (/^ +$/.test(token)) {
    return [{ text: '\u00b7'.repeat(token.length), faint: true }];
  }
  if (!INVISIBLE.test(token)) {
    return [{ text: token, faint: false }];
  }
  const parts = [];
  for (const c of token) {
    const faint = INVISIBLE.test(c);
    const text = faint ? (NAMED[c] ?? `\u27e8${c.codePointAt(0).toString(16).toUpperCase()}\u27e9`) : c;
    const last = parts.at(-1);
    if (last && last.faint === faint) {
      last.text += text;
    } else {
      parts.push({ text, faint });
    }
  }
  return parts;
}

/** The text that `visible` shows, joined. */
export function shown(token) {
  return visible(token).map((part) => part.text).join('');
}

/** Measures tokens in the font of an element; equal tokens once. */
export function createRuler(element) {
  const style = getComputedStyle(element);
  return rulerOf(`${style.fontWeight} ${style.fontSize} ${style.fontFamily}`);
}

/** Measures tokens in a font, given as in CSS; equal tokens once. */
export function rulerOf(font) {
  const ctx = document.createElement('canvas').getContext('2d');
  ctx.font = font;
  ctx.fontKerning = 'none';
  const widths = new Map();
  return (token) => {
    let width = widths.get(token);
    if (width === undefined) {
      width = ctx.measureText(shown(token)).width + GAP;
      widths.set(token, width);
    }
    return width;
  };
}

/**
 * Lines of tokens [start, end), broken between words if possible, and always after line breaks. Returns [{start, end,
 * gap}]: half-open ranges, and room to leave below in pixels.
 */
export function breakLines(tokens, start, end, width, measure) {
  const lines = [];
  let from = start;
  let used = 0;
  let i = start;
  while (i < end) {
    const word = wordAt(tokens, i, end, measure);
    if (used > 0 && used + word.width > width) {
      lines.push({ start: from, end: i, gap: 0 });
      from = i;
      used = 0;
    }
    if (word.width > width) {
      // A word longer than a line breaks between its tokens.
      let t = i;
      for (; t < word.end; t++) {
        const w = measure(tokens[t]);
        if (used > 0 && used + w > width) {
          lines.push({ start: from, end: t, gap: 0 });
          from = t;
          used = 0;
        }
        used += w;
      }
    } else {
      used += word.width;
    }
    i = word.end;
    const breaks = tokens[i - 1].split('\n').length - 1;
    if (breaks > 0 || i === end) {
      lines.push({ start: from, end: i, gap: breaks > 1 ? PARAGRAPH : 0 });
      from = i;
      used = 0;
    }
  }
  return lines;
}

/** The tokens from i that must stay together: up to the next one that starts with white space or follows it. */
function wordAt(tokens, i, end, measure) {
  // The sign of a line break may stand in the margin.
  let width = tokens[i].startsWith('\n') ? 0 : measure(tokens[i]);
  let next = i + 1;
  while (next < end && !/\s$/.test(tokens[next - 1]) && !/^\s/.test(tokens[next])) {
    width += measure(tokens[next]);
    next++;
  }
  return { end: next, width };
}
