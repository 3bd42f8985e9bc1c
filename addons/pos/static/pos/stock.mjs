/**
 * What is left where the server refuses to sell below zero, and the doubt before more than that goes into the
 * ticket. The figure may be stale: who sells may insist, and is then not asked again for that ticket.
 */
import { Refused, Unreachable } from "./api.mjs";
import { el, icon, swap } from "./dom.mjs";
import { quantity } from "./format.mjs";
import { plain, steps } from "./money.mjs";
import { sound } from "./sounds.mjs";
import { t } from "./words.mjs";

/** Milliseconds that the server has to tell the present figure; nobody is shown that it is being waited for. */
const PATIENCE = 300;
/** What comes sooner after a warning is no answer to it: a second unit read, a key that bounced. */
const REACTION = 400;

export class Stock {
  constructor(till) {
    this.till = till;
    this.asking = new Map();
    this.doubts = new Map();
    this.node = el("div", { role: "alert" });
  }

  // Millionths, or null where nothing is refused for want of stock.
  #left({ blocks, stock }) {
    return blocks && stock !== null && stock !== undefined ? steps(stock) : null;
  }

  #fits(product, more) {
    const { cart } = this.till;
    const left = this.#left(product);
    return left === null || cart.insisted(product.id) || (cart.counts().get(product.id) ?? 0n) + more <= left;
  }

  /** The products of which the ticket has more than what is left: id → what is left, in millionths. */
  short() {
    const found = new Map();
    for (const [id, count] of this.till.cart.counts()) {
      const product = this.till.catalog.byId.get(id);
      const left = product ? this.#left(product) : null;
      if (left !== null && count > left) found.set(id, shown(left));
    }
    return found;
  }

  /**
   * Let `put(amount)` happen now if there is enough. If not, the server is asked for the present figure, and
   * whoever sells is warned; the same again, or Enter, then puts it into the ticket.
   */
  admit(product, amount, put) {
    const { id } = product;
    const wanted = { amount, put };
    const doubt = this.doubts.get(id);
    if (this.asking.has(id)) this.asking.get(id).wanted.push(wanted);
    else if (doubt && performance.now() - doubt.at < REACTION) this.#warn({ ...doubt, wanted: [...doubt.wanted, wanted] });
    else if (doubt?.wanted[0].amount === amount) this.#insist(doubt);
    else if (this.#fits(product, steps(amount))) this.#put({ product, wanted: [wanted] });
    else this.#ask({ product, wanted: [wanted] });
  }

  #ask(doubt) {
    const { id } = doubt.product;
    if (!this.#reachable()) {
      this.#judge(doubt);
      return;
    }
    this.asking.set(id, doubt);
    doubt.answered = this.refresh(doubt.product).then(() => {
      this.asking.delete(id);
      this.#judge(doubt);
    });
  }

  #reachable() {
    return this.till.online && this.till.queue.reachable;
  }

  /** Bring the figure of a product up to date; out of reach it stays as it was. */
  async refresh(product) {
    const { api, boot, queue } = this.till;
    const before = product.stock;
    try {
      const { stock, blocks } = await api.get(`tills/${boot.till.id}/stock/${product.id}`, PATIENCE);
      product.blocks = blocks;
      product.stock = stock === null ? null : plain(steps(stock) - queue.unsent(product.id));
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
    }
    if (product.stock === before) return;
    this.till.screen.restock?.();
    this.till.screen.update();
  }

  /** Ask anew for what a ticket sells of blocked products: it was refused for it, or may be. */
  refreshAll(lines) {
    const products = new Set(lines.map((line) => this.till.catalog.byId.get(line.product_id)));
    for (const product of products) if (product?.blocks) void this.refresh(product);
  }

  #judge(doubt) {
    if (this.#fits(doubt.product, total(doubt))) this.#put(doubt);
    else this.#warn(doubt);
  }

  #put({ product, wanted }) {
    this.#forget(product.id);
    for (const { amount, put } of wanted) put(amount);
  }

  #warn(doubt) {
    if (!this.doubts.has(doubt.product.id)) sound("bad");
    this.doubts.set(doubt.product.id, { ...doubt, at: performance.now() });
    this.#draw();
  }

  #insist(doubt) {
    this.till.cart.insist(doubt.product.id);
    this.#put(doubt);
  }

  #insistOnAll() {
    for (const doubt of [...this.doubts.values()]) this.#insist(doubt);
  }

  #forget(id) {
    if (this.doubts.delete(id)) this.#draw();
  }

  /** What was not put into the ticket stays out of it. */
  drop() {
    if (!this.doubts.size) return;
    this.doubts.clear();
    this.#draw();
  }

  #draw() {
    const counts = this.till.cart.counts();
    const say = ({ product, wanted }) => el("span.d-block", {}, t("{name}: {left} left, and the ticket would have {count}. It was not added. If you are sure, read it again.", {
      name: product.name, left: quantity(shown(this.#left(product)), product.unit),
      count: quantity((counts.get(product.id) ?? 0n) + total({ wanted }), product.unit),
    }));
    swap(this.node, this.doubts.size > 0 && el("div.g-note.is-warn.p-doubt", {}, icon("alert-triangle", "is-warn"),
      el("div.g-grow", {}, [...this.doubts.values()].map(say)),
      el("button.btn.g-touch", { "data-focus": "insist", onclick: () => this.#insistOnAll() }, t("Add anyway"), el("kbd.g-kbd", {}, "Enter")),
      el("button.p-act", { "aria-label": t("Understood"), onclick: () => this.drop() }, icon("x"))));
  }

  /** Enter insists and Esc gives in; says whether the key was meant for the doubt. */
  key(event) {
    if (!this.doubts.size || this.till.screen.weighing || !["Enter", "Escape"].includes(event.key)) return false;
    const { activeElement: held } = document;
    if (event.key === "Enter" && held?.matches("button") && held.dataset.focus !== "finish") return this.node.contains(held);
    if (event.key === "Enter" && held?.matches("[data-codes]") && held.value.trim()) return false;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") this.drop();
    else if (!event.repeat && [...this.doubts.values()].every(({ at }) => performance.now() - at > REACTION)) this.#insistOnAll();
    return true;
  }

  /** A quantity was typed for a line: it stands, and is said once to be more than what is left. */
  async typed({ product_id: id }) {
    const product = this.till.catalog.byId.get(id);
    if (!product || this.#fits(product, 0n)) return;
    if (this.#reachable()) await this.refresh(product);
    const count = this.till.cart.counts().get(id) ?? 0n;
    if (this.#fits(product, 0n)) return;
    this.till.cart.insist(id);
    sound("bad");
    this.till.notice("warn", t("{name}: {left} left, and the ticket has {count}.", {
      name: product.name, left: quantity(shown(this.#left(product)), product.unit), count: quantity(count, product.unit),
    }));
  }

  /** Resolves when every question under way is answered: true if none of them left a doubt. */
  async settled() {
    await Promise.all([...this.asking.values()].map(({ answered }) => answered));
    return this.doubts.size === 0;
  }
}

/** What a line says that sells more than what is left. */
export function shortMark(left, unit) {
  return el("small.p-short", {}, icon("alert-triangle", "is-warn"), t("More than what is left: {left}", { left: quantity(left, unit) }));
}

const shown = (left) => (left < 0n ? 0n : left);
const total = ({ wanted }) => wanted.reduce((sum, { amount }) => sum + steps(amount), 0n);
