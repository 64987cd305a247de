// The marks of peaks and head groups. They differ in shape, so that no reader needs colour to tell them apart; text,
// canvases and exported figures draw the same paths, centred on 0, about 9 units wide, stroked.

export const SHAPES = {
  caret: { d: 'M-4 2.6L0 -2.6L4 2.6', width: 2.2 },
  star: { d: 'M0 -4.2V4.2M-3.64 -2.1L3.64 2.1M-3.64 2.1L3.64 -2.1', width: 1.7 },
  ring: { d: 'M3 0A3 3 0 1 1 -3 0A3 3 0 1 1 3 0Z', width: 1.6 },
  square: { d: 'M-2.6 -2.6H2.6V2.6H-2.6Z', width: 1.6 },
};

const paths = new Map();

/** Draws a shape at (x, y) of a canvas whose units are `ratio` of a CSS pixel. */
export function drawShape(ctx, name, x, y, ratio, stroke, halo) {
  if (!paths.has(name)) {
    paths.set(name, new Path2D(SHAPES[name].d));
  }
  ctx.save();
  ctx.translate(x, y);
  ctx.scale(ratio, ratio);
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  ctx.lineWidth = SHAPES[name].width + 2.4;
  ctx.strokeStyle = halo;
  ctx.stroke(paths.get(name));
  ctx.lineWidth = SHAPES[name].width;
  ctx.strokeStyle = stroke;
  ctx.stroke(paths.get(name));
  ctx.restore();
}

/** A shape as an SVG document of 12 x 12, in a given colour. */
function shapeImage(name, stroke) {
  const { d, width } = SHAPES[name];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-6 -6 12 12"><path d="${d}" fill="none" stroke="${stroke}" `
    + `stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
}

/** Gives style sheets the shapes as masks: var(--shape-caret), var(--shape-star), ... */
export function publishShapes() {
  for (const name of Object.keys(SHAPES)) {
    const url = `url("data:image/svg+xml,${encodeURIComponent(shapeImage(name, '#000'))}")`;
    document.documentElement.style.setProperty(`--shape-${name}`, url);
  }
}
