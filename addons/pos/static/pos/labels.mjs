/** What a code means before the catalogue is asked: `3*code`, and the labels a shop's own scale prints. */
import { plain } from "./money.mjs";

/**
 * Ordered rules for in-store EAN-13 labels, first match wins: prefix, five digits of product, five of value.
 * Weights are grams; prices are whole pesos. A business may bring its own in `settings.labels`.
 */
export const LABEL_RULES = [
  { prefix: "23", gives: "price" },
  { prefix: "2", gives: "weight" },
];

/** Split "3*7702004001207" into its quantity and its code; without a star the quantity is null. */
export function splitTimes(text) {
  const found = /^\s*(\d{1,6}(?:[.,]\d{1,3})?)\s*[*xX×]\s*(.*)$/.exec(text);
  return found ? { times: found[1].replace(",", "."), code: found[2].trim() } : { times: null, code: text.trim() };
}

/** Whether the 13 digits end in their own check digit (GS1: weights 1 and 3 from the left). */
export function checkDigitHolds(code) {
  const sum = [...code].slice(0, 12).reduce((total, digit, at) => total + Number(digit) * (at % 2 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10 === Number(code[12]);
}

/**
 * Read a scale label: `{plu, stem, weight}` or `{plu, stem, price}` as decimal text, or null if it is none.
 * `stem` is the label with value and check digit zeroed, as some catalogues store it.
 */
export function readLabel(code, rules = LABEL_RULES) {
  if (!/^2\d{12}$/.test(code) || !checkDigitHolds(code)) return null;
  const rule = rules.find(({ prefix }) => code.startsWith(prefix));
  if (!rule) return null;
  const plu = String(Number(code.slice(2, 7)));
  const stem = code.slice(0, 7);
  const value = BigInt(code.slice(7, 12));
  return rule.gives === "weight"
    ? { plu, stem, weight: plain(value * 1000n) }
    : { plu, stem, price: value.toString() };
}
