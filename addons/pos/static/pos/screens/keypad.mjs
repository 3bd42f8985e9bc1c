/** The key pad under the ticket: what is typed changes the quantity, discount or price of the line in hand. */
import { el, icon, swap } from "../dom.mjs";
import { typed } from "../format.mjs";
import { ONE, percentOf, plain, steps } from "../money.mjs";
import { t } from "../words.mjs";

const ROWS = [["7", "8", "9", "quantity"], ["4", "5", "6", "discount"], ["1", "2", "3", "price"], ["special", "0", ",", "back"]];
const NEEDS = { discount: "pos.discount.give", price: "pos.price.change" };

export class Keypad {
  constructor(till) {
    this.till = till;
    this.mode = "quantity";
    this.percent = false;
    this.times = null;
    this.node = el("div.p-pad", { role: "group", "aria-label": t("Keypad") });
    this.#forget();
    this.#draw();
  }

  #forget() {
    this.buffer = "";
    this.line = null;
    this.was = null;
  }

  /** The quantity typed before `×`, once. */
  takeTimes() {
    const { times } = this;
    this.times = null;
    if (times) this.#draw();
    return times;
  }

  /** A new line came into hand: what was typed belonged to the old one, and so did a discount or a price. */
  update() {
    const now = this.till.cart.line?.id;
    if (this.line && this.line !== now) this.#forget();
    if (this.mode !== "quantity" && this.chosenFor !== now) this.#drawAfter(() => { this.mode = "quantity"; this.percent = false; });
  }

  press(key) {
    if (["quantity", "discount", "price"].includes(key)) return this.#choose(key);
    if (key === "special" || key === "*") return this.#special();
    if (key === "back" && this.times) return void this.#drawAfter(() => { this.times = null; });
    return this.#type(key);
  }

  #drawAfter(change) {
    change();
    this.#draw();
  }

  #choose(mode) {
    this.#forget();
    this.chosenFor = this.till.cart.line?.id;
    this.#drawAfter(() => { this.mode = mode; });
  }

  #special() {
    if (this.mode === "price") return void this.#type("00");
    if (this.mode === "discount") {
      this.#forget();
      return void this.#drawAfter(() => { this.percent = !this.percent; });
    }
    const times = typed(this.buffer);
    if (!times) return undefined;
    if (this.was) this.till.cart.setQuantity(this.was.quantity, this.was);
    this.#forget();
    return this.#drawAfter(() => { this.times = times; });
  }

  #type(key) {
    const { cart } = this.till;
    if (!cart.line) return this.#typeAhead(key);
    if (!this.buffer) Object.assign(this, { line: cart.line.id, was: typable(cart.line) });
    const next = key === "back" ? this.buffer.slice(0, -1) : this.buffer + key;
    if (!/^\d{0,9}(,\d{0,3})?$/.test(next)) return undefined;
    this.buffer = next;
    return this.#apply(next);
  }

  // With an empty ticket the digits can only be the start of "3 ×".
  #typeAhead(key) {
    const next = key === "back" ? this.buffer.slice(0, -1) : this.buffer + key;
    if (/^\d{0,6}(,\d{0,3})?$/.test(next)) this.buffer = next;
  }

  #apply(text) {
    const { cart } = this.till;
    const value = typed(text.replace(/,$/, "") || "0");
    if (this.mode === "quantity") return text && /[1-9]/.test(text) ? this.#tell(cart.setQuantity(value, this.was)) : undefined;
    if (this.mode === "price") return this.#tell(cart.setPrice(value, this.was));
    const off = this.percent ? plain(percentOf(cart.worth(), steps(value))) : value;
    return this.#tell(steps(value) <= 100n * ONE || !this.percent ? cart.setDiscount(off, this.was) : false);
  }

  #tell(accepted) {
    if (accepted) {
      this.till.clearNotice();
      return void (this.mode === "quantity" && this.till.stock.typed(this.till.cart.line));
    }
    this.buffer = this.buffer.slice(0, -1);
    const why = this.mode === "quantity" ? t("This product does not take that quantity.") : t("The discount is more than the line is worth.");
    return this.till.notice("warn", why);
  }

  #draw() {
    swap(this.node, ROWS.flat().map((key) => this.#may(key) && this.#key(key)));
  }

  // What this cashier may not do has no key; the one above takes its place.
  #may(key) {
    return !(key in NEEDS) || this.till.can(NEEDS[key]);
  }

  #height(key) {
    const column = ["quantity", "discount", "price"];
    const below = column.slice(column.indexOf(key) + 1);
    const free = below.findIndex((other) => this.#may(other));
    return 1 + (free < 0 ? below.length : free);
  }

  #key(key) {
    const onclick = () => this.press(key);
    const names = { quantity: t("Qty"), discount: t("Disc."), price: t("Price") };
    if (key in names) return el(`button.p-key.f.p-rows${this.#height(key)}`, { "data-focus": key, "aria-pressed": String(key === this.mode), onclick }, names[key]);
    if (key === "back") return el("button.p-key.f", { "data-focus": key, "aria-label": t("Erase"), onclick }, icon("backspace", "fs-2"));
    if (key !== "special") return el("button.p-key", { "data-focus": key, onclick }, key);
    if (this.mode === "price") return el("button.p-key.f", { "data-focus": key, onclick }, "00");
    const pressed = this.mode === "discount" ? this.percent : this.times !== null;
    const label = this.mode === "discount" ? t("Discount as a percentage") : t("Multiply the next product");
    const words = this.mode === "discount" ? "%" : `${this.times?.replace(".", ",") ?? ""} ×`.trim();
    return el("button.p-key.f.p-sign", { "data-focus": key, "aria-pressed": String(pressed), "aria-label": label, onclick }, words);
  }
}

const typable = ({ quantity, unit_price, discount }) => ({ quantity, unit_price, discount });
