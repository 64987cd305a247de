// The answer flow through the pinned token as arcs above the curves, on the same axis: from the left the earlier tokens that
// its flow comes from, to the right the later tokens that it goes on to. The larger the share of the token's flow, the higher
// the contrast and the thicker the arc; an arrow at its end shows the direction.

import { arc, drawLine, drawPin, placeOf } from 'upbeat/arcs.js';
import { flowInto, flowOutOf } from 'upbeat/data.js';
import { percent } from 'upbeat/numbers.js';
import { colour } from 'upbeat/theme.js';
import { createTrack } from 'upbeat/track.js';

/** Height of the strip, pixels. */
export const FLOW = 46;
const BASE = 39; // distance of the line from the top, pixels
const ARROW = 3.5;

/** The strip of the flow in an element, above `curves`. */
export function createFlow(host, store, curves) {
  const { row, hint, begin } = createTrack(host, curves, {
    className: 'flow', height: FLOW, name: 'answer flow', units: ['through a token'],
    title: 'The attention that flows from the prompt to the answer: where the flow through the pinned token comes from (left) and goes on to (right)',
    says: 'Click a token to see where its flow comes from and where it goes on to.',
  });

  function draw() {
    const { current, token, flow } = store.get();
    row.hidden = !flow || !current?.flowEdges;
    hint.hidden = token !== null;
    const drawing = row.hidden ? null : begin();
    if (!drawing || token === null) {
      return;
    }
    const { ctx, x } = drawing;
    drawLine(drawing, BASE);
    const into = flowInto(current, token);
    const out = flowOutOf(current, token);
    const full = Math.max(...[...into, ...out].map(({ share }) => share));
    const place = ({ position }) => placeOf(drawing, position - current.promptLength);
    [ctx.strokeStyle, ctx.fillStyle] = [colour('ink'), colour('ink')];
    into.forEach((edge) => flowArc(ctx, place(edge), x(token), edge.share / full));
    out.forEach((edge) => flowArc(ctx, x(token), place(edge), edge.share / full));
    drawPin(drawing, BASE, token);
  }

  curves.onDraw(draw);
  store.on(['flow'], draw);
}

function flowArc(ctx, from, to, strength) {
  arc(ctx, from, to, BASE, BASE - 4, strength);
  ctx.beginPath();
  ctx.moveTo(to, BASE + 1);
  ctx.lineTo(to - ARROW, BASE - 1.6 * ARROW);
  ctx.lineTo(to + ARROW, BASE - 1.6 * ARROW);
  ctx.fill();
}

/** What the flow through token t is, in one sentence or two. */
export function flowInWords(trace, t) {
  const flow = trace.series.flow[t];
  if (Number.isNaN(flow)) {
    return 'The response has no answer that attention could reach, so its flow is undefined.';
  }
  if (flow === 0) {
    return 'None of the attention that flows from the prompt to the answer passes through this token.';
  }
  const [from, to] = [flowInto(trace, t), flowOutOf(trace, t)];
  const whole = (edges) => percent(edges.reduce((sum, { share }) => sum + share, 0), 0);
  const passed = `${percent(flow)} of the attention that flows from the prompt to the answer`;
  return to.length
    ? `${passed} passes through this token: ${whole(from)} of it comes from the tokens listed, ${whole(to)} goes on to those listed.`
    : `${passed} ends at this token, which belongs to the answer: ${whole(from)} of it comes from the tokens listed.`;
}
