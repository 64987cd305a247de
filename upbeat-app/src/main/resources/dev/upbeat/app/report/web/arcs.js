// The links of the pinned token as arcs above the curves, on the same axis: to the left the tokens it attends to, to
// the right those that attend to it. Global heads above the line, local heads below it; the stronger the link, the
// thicker the arc.

import { drawnOnBy, drawsOn, fullWeight } from 'upbeat/data.js';
import { createTrack } from 'upbeat/track.js';
import { colour } from 'upbeat/theme.js';

/** Height of the strip, pixels. */
export const ARCS = 58;
const BASE = 38; // distance of the line from the top, pixels
const MOST = 24; // strongest arcs per side

/** The strip of arcs in an element, above `curves`. */
export function createArcs(host, store, curves) {
  const { row, hint, begin } = createTrack(host, curves, {
    className: 'arcs', height: ARCS, name: 'links', units: ['global above', 'local below'], title: null,
    says: 'Click a token to see which tokens it looks at and which look at it.',
  });

  function draw() {
    const { current, token } = store.get();
    row.hidden = !current?.links;
    hint.hidden = token !== null;
    const drawing = row.hidden ? null : begin();
    if (!drawing || token === null) {
      return;
    }
    const { ctx, x } = drawing;
    drawLine(drawing, BASE);
    const position = current.promptLength + token;
    for (const [group, up, ink] of [['local', -1, 'line'], ['global', 1, 'accent']]) {
      const links = [...drawsOn(current, group, token), ...drawnOnBy(current, group, position).slice(0, MOST)];
      const full = fullWeight(links);
      ctx.strokeStyle = colour(ink);
      for (const link of links) {
        arc(ctx, placeOf(drawing, link.position - current.promptLength), x(token), BASE, up > 0 ? BASE - 4 : BASE - ARCS + 3, Math.min(1, link.weight / full));
      }
    }
    drawPin(drawing, BASE, token);
  }

  curves.onDraw(draw);
}

/** An arc over a line at height `base`, at most `room` pixels high; below it if `room` is negative. `strength` is in [0, 1]. */
export function arc(ctx, from, to, base, room, strength) {
  const span = Math.abs(to - from);
  const height = Math.sign(room) * Math.min(Math.abs(room), 5 + Math.sqrt(span) * 1.6) * (4 / 3); // a cubic reaches 3/4 of its handles
  ctx.globalAlpha = 0.3 + 0.7 * strength;
  ctx.lineWidth = 0.7 + 2 * strength;
  ctx.beginPath();
  ctx.moveTo(from, base);
  ctx.bezierCurveTo(from, base - height, to, base - height, to, base);
  ctx.stroke();
}

/** The line that arcs stand on, at height `base`. */
export function drawLine({ ctx, left, width }, base) {
  ctx.strokeStyle = colour('grid');
  ctx.beginPath();
  ctx.moveTo(left, base + 0.5);
  ctx.lineTo(left + width, base + 0.5);
  ctx.stroke();
}

/** The pinned token on that line. */
export function drawPin({ ctx, x }, base, token) {
  ctx.globalAlpha = 1;
  ctx.fillStyle = colour('ink');
  ctx.beginPath();
  ctx.arc(x(token), base, 3.2, 0, 2 * Math.PI);
  ctx.fill();
}

/** The x of a token; of one far before the visible tokens, a place outside from which its arc still comes in steeply. */
export function placeOf({ x, min, max }, token) {
  return x(Math.max(token, min - 1 - (max - min)));
}
