/** How a ticket is being paid: settled payments, the one being typed, what is still due, what is given back. */
import { ONE, nextMultiple, plain, steps } from "./money.mjs";
import { uuid7 } from "./uuid7.mjs";

/** Notes and coins in use, in pesos, largest first. */
export const BILLS = [100_000n, 50_000n, 20_000n, 10_000n, 5_000n, 2_000n];
export const COINS = [1_000n, 500n, 200n, 100n, 50n];

export class Payment {
  /** `rounding`: pesos to which the cash part is rounded down, for the customer; "0" is not at all. */
  constructor({ total, methods, rounding = "0" }) {
    Object.assign(this, { total, methods, rounding: steps(rounding), settled: [] });
    this.choose(methods[0].code);
  }

  choose(code) {
    this.method = this.methods.find((method) => method.code === code);
    this.entry = "";
    this.reference = "";
  }

  /** What the settled payments leave unpaid. */
  get left() {
    return this.settled.reduce((rest, payment) => rest - payment.amount, this.total);
  }

  /** What the payment being made must cover: cash may be rounded down. */
  get due() {
    const left = this.left;
    return this.method.code === "cash" && this.rounding > 0n ? left - (left % this.rounding) : left;
  }

  /** What is being handed over; nothing typed means exactly what is due. */
  get handed() {
    return this.entry === "" ? this.due : steps(this.entry);
  }

  /** Cash to give back, in millionths. */
  get change() {
    const live = this.method.code === "cash" && this.handed > this.due ? this.handed - this.due : 0n;
    return this.settled.reduce((sum, payment) => sum + payment.tendered - payment.amount, live);
  }

  get missing() {
    return this.handed < this.due ? this.due - this.handed : 0n;
  }

  get complete() {
    return this.missing === 0n && !this.tooMuch;
  }

  /** Only cash can be more than what is due. */
  get tooMuch() {
    return this.method.code !== "cash" && this.handed > this.due;
  }

  press(key) {
    const next = key === "back" ? this.entry.slice(0, -1) : this.entry + key;
    const tidy = next.replace(/^0+(?=\d)/, "");
    if (/^\d{0,9}$/.test(tidy)) this.entry = tidy;
  }

  set(amount) {
    this.entry = plain(amount);
  }

  /** Settle what was typed and go on with the rest; false when there is nothing to settle or it is too much. */
  settle() {
    if (this.tooMuch || this.handed <= 0n) return false;
    this.settled.push(this.#made());
    this.entry = "";
    this.reference = "";
    return true;
  }

  #made() {
    const amount = this.handed < this.due ? this.handed : this.due;
    return { id: uuid7(), method: this.method, amount, tendered: this.handed, reference: this.reference.trim() || null };
  }

  drop(id) {
    this.settled = this.settled.filter((payment) => payment.id !== id);
  }

  /** The payments of a complete sale as the server takes them. */
  finished() {
    const all = this.due > 0n ? [...this.settled, this.#made()] : this.settled;
    return all.map(({ id, method, amount, tendered, reference }) => ({
      id, method: method.code, amount: plain(amount), tendered: plain(tendered), reference,
    }));
  }

  /** The next notes above what is due: at most four, in millionths. */
  quick() {
    const due = this.due;
    const units = [1_000n, 2_000n, ...[...BILLS].reverse()].filter((unit) => due < 10_000n * ONE || unit >= 5_000n);
    const amounts = units.map((unit) => nextMultiple(due, unit * ONE)).filter((amount) => amount > due);
    return [...new Set(amounts)].sort((a, b) => (a < b ? -1 : 1)).slice(0, 4);
  }
}

/** `amount` in notes and coins: `[[10000n, 1n], …]`; what no coin covers is left out. */
export function inCash(amount) {
  let rest = amount / ONE;
  const pieces = [];
  for (const value of [...BILLS, ...COINS]) {
    if (rest >= value) pieces.push([value, rest / value]);
    rest %= value;
  }
  return pieces;
}
