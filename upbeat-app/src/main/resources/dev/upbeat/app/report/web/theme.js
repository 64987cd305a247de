// Light and dark, and the ramps that turn a level in [0, 1] into a colour. The ramps' lightness changes evenly and in one
// direction only (OKLCH), so that they survive greyscale and colour blindness; over the text's ramp, ink keeps a
// contrast of at least 4.5.

import { onEnd } from 'upbeat/dom.js';

const STEPS = 64;
const RAMPS = {
  // [lightness, chroma, hue] at level 0 and at level 1
  text: { light: [[0.985, 0.008, 195], [0.68, 0.13, 245]], dark: [[0.225, 0.012, 240], [0.5, 0.125, 250]] },
  more: { light: [[0.985, 0.004, 70], [0.76, 0.135, 62]], dark: [[0.225, 0.008, 60], [0.5, 0.105, 52]] },
  cell: { light: [[0.965, 0.015, 195], [0.34, 0.115, 262]], dark: [[0.25, 0.03, 262], [0.86, 0.085, 205]] },
};

const cache = new Map();
const media = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set();
let chosen = null;

export function isDark() {
  return (chosen ?? (media.matches ? 'dark' : 'light')) === 'dark';
}

export function toggleTheme() {
  chosen = isDark() ? 'light' : 'dark';
  document.documentElement.style.colorScheme = chosen;
  changed();
}

/** Adds a listener for changes of the colours. */
export function onTheme(listener) {
  listeners.add(listener);
  onEnd(() => listeners.delete(listener));
}

media.addEventListener('change', () => chosen === null && changed());

function changed() {
  cache.clear();
  listeners.forEach((listener) => listener());
}

/** A colour of the style sheet by its variable's name, for canvases. */
export function colour(name) {
  if (!cache.has(name)) {
    const probe = document.getElementById('probe');
    probe.style.color = `var(--${name})`;
    cache.set(name, getComputedStyle(probe).color);
  }
  return cache.get(name);
}

/** The colour of a level in [0, 1] of the ramp `text`, `cell` or, for the other direction of a difference, `more`. */
export function ramp(name, level) {
  const key = `ramp ${name}`;
  if (!cache.has(key)) {
    cache.set(key, colours(name, isDark()));
  }
  return cache.get(key)[Math.round(Math.min(1, Math.max(0, level)) * (STEPS - 1))];
}

/** The colours of a ramp on white, palest first: for figures, which are light in either theme. */
export function lightRamp(name) {
  return colours(name, false);
}

function colours(name, dark) {
  const [from, to] = RAMPS[name][dark ? 'dark' : 'light'];
  return Array.from({ length: STEPS }, (_, i) => hex(mix(from, to, i / (STEPS - 1))));
}

/** The ramp as a CSS background, left to right. */
export function rampGradient(name) {
  return `linear-gradient(to right, ${[0, 0.25, 0.5, 0.75, 1].map((level) => ramp(name, level)).join(', ')})`;
}

/** The ramps of a difference as a CSS background: `text` darkest at the left, `more` darkest at the right. */
export function differenceGradient() {
  const stops = [...[1, 0.5, 0].map((level) => ramp('text', level)), ...[0, 0.5, 1].map((level) => ramp('more', level))];
  return `linear-gradient(to right, ${stops.join(', ')})`;
}

/** Ink that can be read on a cell of this level. */
export function inkOn(level) {
  const light = isDark() ? level > 0.45 : level < 0.7;
  return light ? '#11141a' : '#ffffff';
}

function mix(from, to, share) {
  return from.map((v, i) => v + (to[i] - v) * share);
}

/** OKLCH to sRGB, after B. Ottosson's definition of OKLab. */
function hex([lightness, chroma, hue]) {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const channel = (v) => {
    const c = Math.min(1, Math.max(0, v));
    return Math.round(255 * (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055));
  };
  return `#${linear.map((v) => channel(v).toString(16).padStart(2, '0')).join('')}`;
}
