/**
 * Exact figures of the till: every amount and quantity is a BigInt of millionths, and travels as text.
 * Nothing here adds prices up; the tax rules do (see amounts.mjs).
 */
import { Decimal, decimal } from "/static/taxes/decimal.mjs";

const PLACES = 6;
export const ONE = 1_000_000n;

/** Millionths of a decimal text such as "0.75"; what is not a decimal of at most 6 places is refused. */
export function steps(text) {
  return decimal(text).normal().at(PLACES);
}

/** `value` millionths as an exact decimal. */
export function exact(value) {
  return typeof value === "bigint" ? new Decimal(value, PLACES) : decimal(value);
}

/** The shortest decimal text of `value` millionths: 750000n is "0.75". */
export function plain(value) {
  return exact(value).normal().toString();
}

/** The smallest multiple of `unit` that is not under `value` (both millionths, positive). */
export function nextMultiple(value, unit) {
  return ((value + unit - 1n) / unit) * unit;
}

/** `a ÷ b` in millionths, half up; both positive. For price labels only: price ÷ price per kilo. */
export function ratio(a, b) {
  return (2n * a * ONE + b) / (2n * b);
}

/** `percent` % of `value`, rounded half up to cents; the discount a cashier types as a percentage. */
export function percentOf(value, percent) {
  const share = exact(value).times(exact(percent)).times(decimal("0.01"));
  return steps(share.rounded(2, "half_up").toString());
}
