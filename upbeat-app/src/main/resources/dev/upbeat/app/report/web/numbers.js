// Numbers formatted for readers. NaN reads "undefined".

export const UNDEFINED = 'undefined';

/** Formats a number with enough digits to tell values of this size apart, and a true minus sign. */
export function format(value, digits = 3) {
  if (!Number.isFinite(value)) {
    return UNDEFINED;
  }
  const size = Math.abs(value);
  if (size !== 0 && size < 10 ** -digits) {
    const [mantissa, exponent] = value.toExponential(1).split('e');
    return minus(`${mantissa}e${Number(exponent)}`);
  }
  return minus(value.toFixed(size >= 100 ? Math.min(1, digits) : digits));
}

/** Distances of ticks on an axis of steps or tokens: whole numbers only. */
export const WHOLE_TICKS = Array.from({ length: 7 }, (_, power) => [1, 2, 5].map((m) => m * 10 ** power)).flat();

/** Labels of the ticks of an axis, `step` apart: with all digits that tell neighbours apart, and no more. */
export function tickLabels(ticks, step) {
  const [mantissa, exponent] = Number(step.toPrecision(6)).toExponential().split('e');
  const last = Number(exponent) - (mantissa.split('.')[1] ?? '').length; // power of ten of the step's last digit
  const most = Math.max(...ticks.map(Math.abs));
  if (most >= 1e-3 && most < 1e5) {
    const decimals = Math.max(0, -last);
    return ticks.map((v) => minus(v.toFixed(decimals).replace(/^-(0(\.0*)?)$/, '$1')));
  }
  return ticks.map((v) => {
    const size = Math.abs(v);
    return size < step / 2 ? '0' : minus(v.toExponential(Math.max(0, Math.floor(Math.log10(size) + 1e-9) - last)).replace('e+', 'e'));
  });
}

/** A share in [0, 1] as a percentage. */
export function percent(share, digits = 1) {
  return Number.isFinite(share) ? minus(`${(100 * share).toFixed(digits)}%`) : UNDEFINED;
}

/** A relative change with its sign: +52%. */
export function change(share) {
  if (!Number.isFinite(share)) {
    return UNDEFINED;
  }
  const text = percent(share, Math.abs(share) < 0.1 ? 1 : 0);
  return share > 0 ? `+${text}` : text;
}

/** A p-value as it is usually printed. */
export function pValue(p) {
  if (!Number.isFinite(p)) {
    return UNDEFINED;
  }
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

export function whole(value) {
  return value.toLocaleString('en-US');
}

/** 3 traces, 1 trace. */
export function count(n, noun) {
  return `${whole(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** 1st, 2nd, 93rd. */
export function ordinal(n) {
  const tens = n % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${suffix}`;
}

/** The shortest decimal that reads back as the same 32-bit float; empty if undefined. For files. */
export function float32(value) {
  if (!Number.isFinite(value)) {
    return '';
  }
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) {
      return String(Number(text));
    }
  }
  return String(Number(value.toPrecision(9)));
}

/** Formats a number with its sign: +0.87. */
export function signed(value, digits = 2) {
  return value > 0 ? `+${format(value, digits)}` : format(value, digits);
}

function minus(text) {
  return text.replace(/-/g, '\u2212');
}
