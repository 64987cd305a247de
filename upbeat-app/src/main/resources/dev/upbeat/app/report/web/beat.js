// The beat of a response: its chunks, and its couplings. A coupling joins a token of high FAI (one of the 40% with the highest,
// as in coupled-rhythm credit; not a peak as the anchors of the page) to its intro, the token shortly before it with the
// largest change of WAAD.

/**
 * The chunks of a response, half-open and covering all its tokens: a chunk runs from one WAAD peak to the token before the
 * next. [{start, end, depth}]; depth: WAAD at the peak minus the least WAAD of the chunk, NaN before the first peak.
 */
export function chunksOf(waad, peaks) {
  const starts = [0, ...Array.from(peaks).filter((t) => t > 0)].filter((t) => t < waad.length);
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? waad.length;
    const atPeak = i > 0 || peaks[0] === 0;
    return { start, end, depth: atPeak ? waad[start] - waad.slice(start, end).reduce((least, v) => Math.min(least, v)) : NaN };
  });
}

/** The couplings of a response in the order of their tokens of high FAI: [{intro, anchor, change: of WAAD at the intro}]. */
export function couplingsOf(waad, intros) {
  return Array.from(intros.keys()).filter((t) => intros[t] >= 0)
    .map((anchor) => ({ intro: intros[anchor], anchor, change: Math.abs(Math.fround(waad[intros[anchor]] - waad[intros[anchor] + 1])) }));
}

/** Index of the chunk that holds token t. */
export function chunkAt(chunks, t) {
  return chunks.findLastIndex(({ start }) => start <= t);
}

/** The tokens coupled with token t: its intro and the tokens that it introduces. */
export function partnersOf(couplings, t) {
  return couplings.flatMap(({ intro, anchor }) => (anchor === t ? [intro] : intro === t ? [anchor] : []));
}
