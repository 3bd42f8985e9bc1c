/** The open ticket: its lines in the order they were sold, and which one the keys act on. */
import { TaxError } from "/static/taxes/rules.mjs";
import { ticketAmounts } from "./amounts.mjs";
import { ONE, plain, steps } from "./money.mjs";
import { uuid7 } from "./uuid7.mjs";

const LIMIT = steps("99999");

export class Cart {
  /** `onchange(cart)` is called after every change, with the amounts already counted. */
  constructor({ now, onchange }) {
    Object.assign(this, { now, onchange });
    this.#load(this.#fresh());
  }

  // The key is minted now, not at payment: whatever happens later, this ticket is this sale.
  #fresh() {
    return {
      uuid: uuid7(), opened_at: this.now().toISOString(), customer: null,
      document_discount: "0", lines: [], insisted: [], state: "open",
    };
  }

  #load(ticket) {
    this.ticket = ticket;
    this.selected = ticket.lines.length - 1;
    this.amounts = ticketAmounts(ticket);
  }

  /** Start the next ticket. */
  reset() {
    this.#load(this.#fresh());
    this.onchange(this);
  }

  /** Go on with a ticket that was kept; its key stays. */
  resume(ticket) {
    this.#load({ insisted: [], ...ticket, state: "open" });
    this.onchange(this);
  }

  /** Sell this product in this ticket whatever is said to be left of it. */
  insist(id) {
    this.ticket.insisted.push(id);
  }

  insisted(id) {
    return this.ticket.insisted.includes(id);
  }

  get empty() {
    return this.ticket.lines.length === 0;
  }

  get line() {
    return this.ticket.lines[this.selected] ?? null;
  }

  /** Sell `quantity` (text) of a product: more on its line, or a line of its own when it was weighed. */
  add(product, quantity = "1") {
    const at = product.weighable ? -1 : this.ticket.lines.findIndex((line) => joins(line, product));
    if (at >= 0) {
      this.selected = at;
      return this.#alter({ quantity: plain(steps(this.line.quantity) + steps(quantity)) });
    }
    const line = newLine(product, quantity);
    const before = this.ticket.lines;
    this.ticket.lines = [...before, line];
    this.selected = before.length;
    return this.#counted(() => { this.ticket.lines = before; this.selected = before.length - 1; });
  }

  select(at) {
    this.selected = at;
    this.onchange(this);
  }

  /** `by` more (text) of the line with that id, which comes into hand; false if it is gone. */
  raise(id, by) {
    const at = this.ticket.lines.findIndex((line) => line.id === id);
    if (at < 0) return false;
    this.selected = at;
    return this.setQuantity(plain(steps(this.line.quantity) + steps(by)));
  }

  /** One more or one less of the selected line; the last one takes the line away. */
  step(by) {
    if (!this.line) return;
    const next = steps(this.line.quantity) + BigInt(by) * ONE;
    if (next <= 0n) this.remove();
    else this.setQuantity(plain(next));
  }

  /**
   * Each of the next three may start from `was`, the line as it stood before the cashier began to type: "5" on
   * the way to "5000" must not cost the line its discount. Refuses what is not above zero, above 99,999, or
   * finer than the product is sold.
   */
  setQuantity(text, was = {}) {
    const value = steps(text);
    const fits = value > 0n && value <= LIMIT && value % 10n ** BigInt(6 - this.line.decimals) === 0n;
    return fits && this.#alter({ ...was, quantity: text });
  }

  /** Refuses a price that does not even cover the taxes per unit. */
  setPrice(text, was = {}) {
    return this.#alter({ ...was, unit_price: text });
  }

  /** Pesos off the selected line; refused above what the line is worth. */
  setDiscount(text, was = {}) {
    const line = { ...this.line, ...was };
    return steps(text) * ONE <= steps(line.quantity) * steps(line.unit_price) && this.#alter({ ...was, discount: text });
  }

  /** What the selected line is worth before its discount, in millionths. */
  worth() {
    return this.line ? (steps(this.line.quantity) * steps(this.line.unit_price)) / ONE : 0n;
  }

  #alter(change) {
    const before = { ...this.line };
    Object.assign(this.line, change);
    if (steps(this.line.discount) > this.worth()) this.line.discount = "0";
    return this.#counted(() => Object.assign(this.line, before));
  }

  // The tax rule has the last word: what it refuses leaves the ticket as it was.
  #counted(undo) {
    try {
      this.amounts = ticketAmounts(this.ticket);
    } catch (error) {
      if (!(error instanceof TaxError)) throw error;
      undo();
      return false;
    }
    this.onchange(this);
    return true;
  }

  remove() {
    this.ticket.lines.splice(this.selected, 1);
    this.selected = Math.min(this.selected, this.ticket.lines.length - 1);
    this.amounts = ticketAmounts(this.ticket);
    this.onchange(this);
  }

  setCustomer(customer) {
    this.ticket.customer = customer;
    this.onchange(this);
  }

  /** How much of each product is in the ticket, for the badges: product id → millionths. */
  counts() {
    const counted = new Map();
    for (const { product_id: id, quantity } of this.ticket.lines) {
      counted.set(id, (counted.get(id) ?? 0n) + steps(quantity));
    }
    return counted;
  }

  /** How much of each unit is in the ticket: `[["un", 9000000n], ["kg", 750000n]]`. */
  units() {
    const counted = new Map();
    for (const { unit, quantity } of this.ticket.lines) {
      counted.set(unit, (counted.get(unit) ?? 0n) + steps(quantity));
    }
    return [...counted].sort(([a], [b]) => Number(b === "un") - Number(a === "un"));
  }
}

// Weighings stay apart, and so does a line whose price or discount someone changed.
function joins(line, product) {
  return line.product_id === product.id && line.unit_price === product.price && line.discount === "0";
}

/** The ticket of a sale that was refused, to be sold under keys of its own. */
export function reopened(ticket) {
  const lines = ticket.lines.map((line) => ({ ...line, id: uuid7() }));
  return { ...ticket, uuid: uuid7(), lines, insisted: [], state: "open" };
}

function newLine(product, quantity) {
  return {
    id: uuid7(), product_id: product.id, quantity, unit_price: product.price, discount: "0",
    name: product.name, code: product.barcodes?.[0] ?? product.code ?? "", unit: product.unit,
    decimals: product.decimals ?? 0, weighable: Boolean(product.weighable),
    price_includes_tax: product.price_includes_tax, taxes: product.taxes,
  };
}
