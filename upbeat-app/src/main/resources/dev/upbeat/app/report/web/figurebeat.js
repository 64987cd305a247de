// Chunks and couplings in a figure: bands and brackets as on the page and in `upbeat figure`, left out where they are too
// narrow to tell apart.

import { chunkAt } from 'upbeat/beat.js';
import { COUPLINGS } from 'upbeat/couplings.js';

const NARROWEST_CHUNK = 4; // mean width, pixels
const NARROWEST_TOKEN = 3; // under brackets
const FEET = 38; // of brackets, from the top of their strip
const LEAST = 7; // height of a bracket over one token
const MOST = 31;
const STEP = 2.6; // for each further token
const ARROW = 3;
const BAND = '#efeff0'; // behind curves
const TEXT_BAND = '#dddde0'; // around tinted tokens
const BRACKET = '#5b626e';

/**
 * What the page shows of the beat, {chunks, couplings}, for a figure of the tokens [first, last], `width` pixels apart. Returns
 * {height: of the strip of brackets, brackets(x, top, labels), bands(x, top, bottom), textBand(t, x, top, width, height)}, all SVG.
 */
export function figureBeat(trace, { chunks, couplings }, [first, last], width) {
  const bands = chunks && width * (trace.length / trace.chunks.length) >= NARROWEST_CHUNK
    ? trace.chunks.filter(({ start, end }, i) => i % 2 && start <= last && end > first) : [];
  const strip = couplings && width >= NARROWEST_TOKEN;
  const rectangle = (x, y, w, h, fill) =>
    `<rect class="chunk" x="${x.toFixed(1)}" y="${y}" width="${w.toFixed(1)}" height="${h}" fill="${fill}"/>`;
  return {
    height: strip ? COUPLINGS : 0,
    shaded: bands.length > 0,
    bands: (x, top, bottom) => bands.map(({ start, end }) => {
      const [from, to] = [x(Math.max(start - 0.5, first)), x(Math.min(end - 0.5, last))];
      return rectangle(from, top, to - from, bottom - top, BAND);
    }).join(''),
    textBand: (t, x, top, w, h) => (bands.length && chunkAt(trace.chunks, t) % 2 ? rectangle(x, top - 3, w, h + 6, TEXT_BAND) : ''),
    brackets: (x, top) => (strip ? trace.couplings.filter(({ intro, anchor }) => intro >= first && anchor <= last).map(({ intro, anchor }) => {
      const [from, to, feet] = [x(intro).toFixed(2), x(anchor), top + FEET];
      const roof = feet - Math.min(MOST, LEAST + STEP * (anchor - intro - 1));
      return `<path class="coupling" fill="none" stroke="${BRACKET}" stroke-width="1.2" d="M${from} ${feet}V${roof}H${to.toFixed(2)}V${feet}`
        + `M${(to - ARROW).toFixed(2)} ${feet - 1.6 * ARROW}L${to.toFixed(2)} ${feet}L${(to + ARROW).toFixed(2)} ${feet - 1.6 * ARROW}"/>`;
    }).join('') : ''),
  };
}
