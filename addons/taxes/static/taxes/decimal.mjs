// Exact decimals for the browser: whole BigInt units at a scale, never a float.
// The twin of core/money.py and of the writing of figures in core/i18n/formats.py; every value
// crosses the wire as a string, so "0.1" stays a tenth. Plain ES module, no dependency.

const PLAIN = /^(-?)(\d+)(?:\.(\d+))?$/;
const NBSP = "\u00a0";
const MINUS = "\u2212";

/** A value that is not written as plain digits with an optional point. */
export class NotANumberError extends Error {
  constructor(text) {
    super(`not a plain decimal: ${text}`);
    this.name = "NotANumberError";
    this.code = "money.not_a_number";
  }
}

/** An amount that cannot be spread exactly: part of a cent, below zero, or over nothing. */
export class UnsharableError extends Error {
  constructor() {
    super("Only whole cents above zero can be shared out, among something.");
    this.name = "UnsharableError";
    this.code = "money.unsharable";
  }
}

const power = (places) => 10n ** BigInt(places);
const absolute = (units) => (units < 0n ? -units : units);

/** Whole division towards minus infinity, as Python's divmod. */
function floorDivide(top, bottom) {
  const cut = top / bottom;
  const rest = top - cut * bottom;
  return rest < 0n ? [cut - 1n, rest + bottom] : [cut, rest];
}

/** An immutable exact decimal; make one with decimal(). */
export class Decimal {
  constructor(units, scale) {
    this.units = units;
    this.scale = scale;
    Object.freeze(this);
  }

  plus(other) {
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(this.at(scale) + other.at(scale), scale);
  }

  minus(other) {
    return this.plus(other.negated());
  }

  times(other) {
    return new Decimal(this.units * other.units, this.scale + other.scale);
  }

  negated() {
    return new Decimal(-this.units, this.scale);
  }

  /** -1, 0 or 1: less, equal, greater. */
  compare(other) {
    const scale = Math.max(this.scale, other.scale);
    const gap = this.at(scale) - other.at(scale);
    return gap < 0n ? -1 : Number(gap > 0n);
  }

  /** -1, 0 or 1: below, at or above zero. */
  sign() {
    return this.units < 0n ? -1 : Number(this.units > 0n);
  }

  /** Whole units at a finer scale; the caller never asks for a coarser one. */
  at(scale) {
    return this.units * power(scale - this.scale);
  }

  /** Without trailing zeros: one way to write each number. */
  normal() {
    let { units, scale } = this;
    while (scale > 0 && units % 10n === 0n) {
      units /= 10n;
      scale -= 1;
    }
    return new Decimal(units, scale);
  }

  /** Exactly `places` decimals, half away from zero, half to even, or cut. */
  rounded(places, how) {
    if (places >= this.scale) return new Decimal(this.at(places), places);
    const step = power(this.scale - places);
    const size = absolute(this.units);
    let kept = size / step;
    const twice = (size % step) * 2n;
    if (how !== "down" && (twice > step || (twice === step && (how === "half_up" || kept % 2n === 1n)))) {
      kept += 1n;
    }
    return new Decimal(this.units < 0n ? -kept : kept, places);
  }

  toString() {
    const digits = absolute(this.units).toString().padStart(this.scale + 1, "0");
    const cut = digits.length - this.scale;
    const sign = this.units < 0n ? "-" : "";
    return sign + digits.slice(0, cut) + (this.scale ? `.${digits.slice(cut)}` : "");
  }

  toJSON() {
    return this.toString();
  }
}

/** Read "-12.50" exactly; a JavaScript number is refused, because it may already have lost cents. */
export function decimal(text) {
  if (text instanceof Decimal) return text;
  const found = typeof text === "string" ? PLAIN.exec(text) : null;
  if (!found) throw new NotANumberError(String(text));
  const [, sign, whole, part = ""] = found;
  const units = BigInt(whole + part);
  return new Decimal(sign ? -units : units, part.length);
}

export const ZERO = new Decimal(0n, 0);
export const ONE = new Decimal(1n, 0);

/** Round to cents, a half away from zero: shelf amounts. */
export const halfUp2 = (amount) => amount.rounded(2, "half_up");

/** Cut after the cents: amounts inside CUFE and CUDE. */
export const truncate2 = (amount) => amount.rounded(2, "down");

/** Round to whole pesos, a half away from zero: shelf prices, cash and payables only. */
export const wholePesos = (amount) => amount.rounded(0, "half_up");

/** Round amount / dividedBy to cents, a half to the even cent; dividedBy is above zero. */
export function halfEven2(amount, dividedBy = ONE) {
  const top = amount.units * power(dividedBy.scale) * 100n;
  const bottom = dividedBy.units * power(amount.scale);
  const [cents, rest] = floorDivide(top, bottom);
  const twice = rest * 2n;
  const up = twice > bottom || (twice === bottom && cents % 2n !== 0n);
  return new Decimal(up ? cents + 1n : cents, 2);
}

/** Spread whole cents in proportion to the weights; the parts add up to the total exactly. */
export function largestRemainder(total, weights) {
  const scale = Math.max(0, ...weights.map((weight) => weight.scale));
  const steps = weights.map((weight) => weight.at(scale));
  const whole = steps.reduce((sum, step) => sum + step, 0n);
  const exact = total.normal();
  if (exact.sign() < 0 || exact.scale > 2 || steps.some((step) => step < 0n)) throw new UnsharableError();
  if (whole === 0n) {
    if (exact.sign()) throw new UnsharableError();
    return weights.map(() => new Decimal(0n, 2));
  }
  const cents = exact.at(2);
  const parts = steps.map((step, place) => {
    const share = cents * step;
    return { place, part: share / whole, lost: share % whole };
  });
  const left = Number(parts.reduce((rest, { part }) => rest - part, cents));
  const luckiest = [...parts].sort((one, other) => (one.lost === other.lost ? one.place - other.place : one.lost > other.lost ? -1 : 1));
  const lucky = new Set(luckiest.slice(0, left).map(({ place }) => place));
  return parts.map(({ place, part }) => new Decimal(lucky.has(place) ? part + 1n : part, 2));
}

function figures(amount, decimals) {
  const [whole, part] = amount.rounded(decimals, "half_even").toString().split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ".");
  return part ? `${grouped},${part}` : grouped;
}

const written = (value, write) => {
  const exact = decimal(value);
  const size = new Decimal(absolute(exact.units), exact.scale);
  return (exact.sign() < 0 ? MINUS : "") + write(size);
};

/** "$ 52.450": no-break space, dot for thousands; a true minus before the sign. */
export const money = (amount, decimals = 0) =>
  written(amount, (size) => `$${NBSP}${figures(size, decimals)}`);

/** "0,750 kg"; without decimals trailing zeros are dropped. */
export const quantity = (amount, unit = "", decimals = null) =>
  written(amount, (size) => figures(size, decimals ?? size.normal().scale)) + (unit ? NBSP + unit : "");

/** "19 %". */
export const percent = (rate) => quantity(rate, "%");
