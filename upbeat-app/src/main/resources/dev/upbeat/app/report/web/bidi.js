// Right-to-left text, and control characters that reorder other text.

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const STRONG = /\p{L}/u;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Whether a text has right-to-left letters. */
export function hasRightToLeft(text) {
  return RIGHT_TO_LEFT.test(text);
}

/** 'rtl' or 'ltr', by the first letter of a text. */
export function directionOf(text) {
  return RIGHT_TO_LEFT.test(STRONG.exec(text)?.[0] ?? '') ? 'rtl' : 'ltr';
}

/**
 * The direction of each token's paragraph, 1 for right to left, by the paragraph's first letter. Line breaks end paragraphs.
 * Null if no token has right-to-left letters.
 */
export function paragraphs(tokens) {
  if (!tokens.some(hasRightToLeft)) {
    return null;
  }
  const directions = new Uint8Array(tokens.length);
  let start = 0;
  let found = null;
  for (let t = 0; t < tokens.length; t++) {
    found ??= STRONG.test(tokens[t]) ? directionOf(tokens[t]) : null;
    if (tokens[t].includes('\n') || t === tokens.length - 1) {
      directions.fill(found === 'rtl' ? 1 : 0, start, t + 1);
      start = t + 1;
      found = null;
    }
  }
  return directions;
}

/** A text with its control characters, including those that reorder text, shown as visible signs. */
export function harmless(text) {
  return text.replace(CONTROLS, (c) => `\u27e8${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}\u27e9`);
}
