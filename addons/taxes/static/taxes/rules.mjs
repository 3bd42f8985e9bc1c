// What a basket amounts to: the twin of addons/taxes/rules.py, held equal by golden vectors.
// Lines and results are plain objects with decimal strings; see rules.py for the rules themselves.

import { Decimal, ZERO, decimal, halfEven2, halfUp2, largestRemainder } from "./decimal.mjs";

const CODES = {
  rate: "taxes.bad_rate",
  rules: "taxes.conflicting_rules",
  line: "taxes.bad_line",
  discount: "taxes.discount_too_large",
  price: "taxes.price_below_tax",
};
const MAX_RATE = decimal("100");
const HUNDRED = decimal("100");

/** A basket that has no amounts; `code` is the same as the server's. */
export class TaxError extends Error {
  constructor(reason, line = null) {
    super(`${CODES[reason]}${line === null ? "" : ` (line ${line + 1})`}`);
    this.name = "TaxError";
    this.code = CODES[reason];
    this.line = line;
  }
}

function readNumber(text, reason, line) {
  try {
    return decimal(text);
  } catch {
    throw new TaxError(reason, line);
  }
}

function readRule(rule, line) {
  const { code, treatment, kind = "percent" } = rule;
  const rate = readNumber(rule.rate ?? "0", "rate", line).normal();
  const known = ["taxed", "exempt", "excluded"].includes(treatment) && ["percent", "per_unit"].includes(kind);
  const charged = treatment === "taxed";
  const fits = charged
    ? rate.sign() > 0 && (kind === "per_unit" || rate.compare(MAX_RATE) <= 0)
    : rate.sign() === 0 && kind === "percent";
  if (!code || !known || !fits) throw new TaxError("rate", line);
  return { code, treatment, kind, rate };
}

function readLine(line, place) {
  const read = (text) => readNumber(text, "line", place);
  const rules = (line.taxes ?? []).map((rule) => readRule(rule, place));
  const quantity = read(line.quantity);
  const price = read(line.unit_price);
  const discount = read(line.discount ?? "0");
  if (quantity.sign() <= 0 || price.sign() < 0 || discount.sign() < 0) throw new TaxError("line", place);
  if (new Set(rules.map(({ code, kind }) => `${code} ${kind}`)).size < rules.length) throw new TaxError("rules", place);
  const worth = quantity.times(price);
  if (discount.compare(worth) > 0) throw new TaxError("discount", place);
  return priced(quantity, worth, discount, rules, line.price_includes_tax ?? true, place);
}

/** A line before the discount of the document: what it is worth and how much of it may be given away. */
function priced(quantity, worth, discount, rules, included, place) {
  const net = halfUp2(worth.minus(discount));
  const fixed = rules
    .filter(({ kind }) => kind === "per_unit")
    .map((rule) => ({ rule, base: quantity, amount: halfEven2(quantity.times(rule.rate)) }));
  const owed = sum(fixed.map(({ amount }) => amount));
  const room = included ? net.minus(owed) : net;
  if (room.sign() < 0) throw new TaxError("price", place);
  const percents = rules.filter(({ kind, treatment }) => kind === "percent" && treatment !== "excluded");
  return { gross: halfUp2(worth), net, fixed, room, percents, included };
}

const sum = (amounts) => amounts.reduce((total, amount) => total.plus(amount), new Decimal(0n, 2));

/** Amounts of each percentage, and the base: inside a price with tax, on top of one without. */
function percentAmounts(worth, rates, included) {
  if (!included) return { base: worth, amounts: rates.map((rate) => halfEven2(worth.times(rate), HUNDRED)) };
  const all = rates.reduce((total, rate) => total.plus(rate), ZERO);
  const tax = halfEven2(worth.times(all), all.plus(HUNDRED));
  return { base: worth.minus(tax), amounts: largestRemainder(tax, rates) };
}

function lineAmounts(draft, share) {
  const worth = draft.room.minus(share);
  const { base, amounts } = percentAmounts(worth, draft.percents.map(({ rate }) => rate), draft.included);
  const taxes = draft.percents.map((rule, place) => ({ rule, base, amount: amounts[place] })).concat(draft.fixed);
  return {
    gross: draft.gross,
    discount: draft.gross.minus(draft.net).plus(share),
    base,
    taxes,
    total: base.plus(sum(taxes.map(({ amount }) => amount))),
  };
}

function groupKey({ code, kind, treatment, rate }) {
  return [code, kind, treatment, rate.toString()].join(" ");
}

function inOrder({ rule: one }, { rule: other }) {
  if (one.code !== other.code) return one.code < other.code ? -1 : 1;
  if (one.kind !== other.kind) return one.kind < other.kind ? -1 : 1;
  return one.rate.compare(other.rate);
}

function taxGroups(lines) {
  const groups = new Map();
  for (const { rule, base, amount } of lines.flatMap((line) => line.taxes)) {
    const key = groupKey(rule);
    const group = groups.get(key);
    groups.set(key, group ? { rule, base: group.base.plus(base), amount: group.amount.plus(amount) } : { rule, base, amount });
  }
  return [...groups.values()].sort(inOrder);
}

const writtenRule = ({ code, treatment, kind, rate }) => ({ code, treatment, kind, rate: rate.toString() });

/** A base is money, except that of a tax per unit, which counts units. */
const writtenBase = (base, kind) => (kind === "per_unit" ? base.normal() : base).toString();

function writtenLine({ gross, discount, base, taxes, total }) {
  return {
    gross: gross.toString(),
    discount: discount.toString(),
    base: base.toString(),
    taxes: taxes.map((tax) => ({
      rule: writtenRule(tax.rule),
      base: writtenBase(tax.base, tax.rule.kind),
      amount: tax.amount.toString(),
    })),
    total: total.toString(),
  };
}

/**
 * Compute a basket.
 *
 * lines: [{quantity, unit_price, discount?, taxes?: [{code, treatment, kind?, rate?}], price_includes_tax?}]
 * returns {lines: [{gross, discount, base, taxes: [{rule, base, amount}], total}],
 *          groups: [{code, treatment, kind, rate, base, amount}],
 *          subtotal, taxable_base, taxes_total, total}, every number a decimal string.
 */
export function basketAmounts(lines, documentDiscount = "0") {
  const discount = readNumber(documentDiscount, "line", null).normal();
  if (discount.sign() < 0 || discount.scale > 2) throw new TaxError("line");
  const drafts = lines.map(readLine);
  if (discount.compare(sum(drafts.map(({ room }) => room))) > 0) throw new TaxError("discount");
  const shares = largestRemainder(discount, drafts.map(({ room }) => room));
  const done = drafts.map((draft, place) => lineAmounts(draft, shares[place]));
  const total = (pick) => sum(done.map(pick));
  const taxable = ({ base, taxes }) => (taxes.some(({ rule }) => rule.kind === "percent") ? base : ZERO);
  return {
    lines: done.map(writtenLine),
    groups: taxGroups(done).map(({ rule, base, amount }) => ({
      ...writtenRule(rule),
      base: writtenBase(base, rule.kind),
      amount: amount.toString(),
    })),
    subtotal: total(({ base }) => base).toString(),
    taxable_base: total(taxable).toString(),
    taxes_total: total(({ taxes }) => sum(taxes.map(({ amount }) => amount))).toString(),
    total: total((line) => line.total).toString(),
  };
}
