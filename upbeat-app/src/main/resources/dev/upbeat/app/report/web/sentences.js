// Sentences of a response, as ranges of its tokens.

const STOP = /[.!?\u3002\uff01\uff1f]["')\]}*\u201d\u2019]*\s*$/;

/** [{start, end}], half-open, covering all tokens: a sentence ends at a stop before white space, or at a line's end. */
export function sentencesOf(tokens) {
  const sentences = [];
  let start = 0;
  for (let i = 0; i < tokens.length; i++) {
    const next = tokens[i + 1];
    if (next === undefined || (endsAt(tokens[i], next) && !/^\s*\n\s*$/.test(next))) {
      sentences.push({ start, end: i + 1 });
      start = i + 1;
    }
  }
  return sentences;
}

function endsAt(token, next) {
  // "3." before "14" is not an end; "x. " before "Then" is one, and so is "." before " Then".
  return token.includes('\n') || (STOP.test(token) && (/\s$/.test(token) || /^\s/.test(next)));
}

/** Index of the sentence that holds token t. */
export function sentenceAt(sentences, t) {
  let from = 0;
  let to = sentences.length - 1;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sentences[middle].end <= t) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}
