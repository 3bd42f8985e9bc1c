/** Selling by touch: ticket left, products right; on a phone the ticket is a sheet over the products. */
import { el, icon, swap } from "../dom.mjs";
import { money } from "../format.mjs";
import { actionOf } from "../keymap.mjs";
import { t } from "../words.mjs";
import { Keypad } from "./keypad.mjs";
import { Products } from "./products.mjs";
import { articles, ticketPanel } from "./ticket.mjs";
import { Weigh } from "./weigh.mjs";

export class SaleScreen {
  constructor(till) {
    Object.assign(this, { till, name: "sale", sells: true, weighing: null });
    this.keypad = new Keypad(till);
    this.products = new Products(till);
    this.ticket = ticketPanel(till, { onMore: () => till.more(), onPad: () => this.#togglePad(), padOpen: () => !this.node?.classList.contains("p-nopad") });
    this.pay = el("button.p-pay", { onclick: () => till.charge() });
    this.phone = el("div.p-phonebar");
    this.sheetHead = el("div.p-sheethead", {}, el("h2.g-grow", {}, t("Ticket")),
      el("button.p-act", { "aria-label": t("Back to the products"), onclick: () => this.#sheet(false) }, icon("x")));
    this.cart = el("section.p-cart", { "aria-label": t("Open ticket") }, this.sheetHead, this.ticket.node, this.keypad.node, this.pay);
    this.node = el("main.p-main", {}, el("h1.visually-hidden", {}, t("{till}, selling", { till: till.page.tillName })), this.cart, this.products.node, this.phone);
    this.update();
  }

  update() {
    this.keypad.update();
    this.ticket.update();
    this.products.update();
    const total = money(this.till.cart.amounts.total);
    const words = [el("span", {}, t("PAY")), el("span.g-num", {}, total)];
    this.pay.disabled = this.till.cart.empty || this.till.readOnly;
    swap(this.pay, words);
    const count = articles(this.till.cart);
    swap(this.phone,
      el("button.btn.g-touch", { "data-focus": "sheet", "aria-label": t("{articles}, see the ticket", { articles: count || "0" }), onclick: () => this.#sheet() },
        icon("shopping-cart"), String(this.till.cart.ticket.lines.length)),
      el("button.p-pay", { "data-focus": "pay", disabled: this.pay.disabled, onclick: () => this.till.charge() },
        el("span", {}, t("PAY")), el("span.g-num", {}, total)));
  }

  /** The catalogue changed. */
  restock() {
    this.products.refresh();
  }

  takeTimes() {
    return this.keypad.takeTimes();
  }

  #sheet(open = !this.node.classList.contains("p-sheet")) {
    this.node.classList.toggle("p-sheet", open);
    this.ticket.update();
  }

  #togglePad() {
    this.node.classList.toggle("p-nopad");
    this.update();
  }

  /** Weight by hand, of `product` or of one still to be chosen. */
  weigh(product) {
    this.#sheet(false);
    this.weighing?.node.remove();
    this.weighing = new Weigh(this.till, product, () => this.#weighed());
    this.products.node.hidden = true;
    this.products.node.after(this.weighing.node);
  }

  #weighed() {
    this.weighing?.node.remove();
    this.weighing = null;
    this.products.node.hidden = false;
  }

  typed(key) {
    if (this.weighing) return this.weighing.press(key);
    if (/^[\d,*]$/.test(key) || key === ".") return this.keypad.press(key === "." ? "," : key);
    if (key === "+") return this.till.raise();
    if (key === "-") return this.till.cart.step(-1);
    if (/^\p{L}$/u.test(key)) {
      this.products.focus();
      this.products.search.value = key;
      this.products.search.dispatchEvent(new Event("input"));
    }
    return undefined;
  }

  key(event) {
    const inField = document.activeElement?.matches("input");
    if (event.key === "Escape") return this.#escape();
    if (event.key === "Enter" && this.weighing?.product && !inField && !document.activeElement?.matches("button")) return this.weighing.press("Enter");
    if (event.key === "Backspace" && !inField) return this.weighing ? this.weighing.press("back") : this.keypad.press("back");
    const action = actionOf(event);
    if (!action || (action === "remove" && inField)) return false;
    event.preventDefault();
    if (action === "search") this.products.focus();
    else this.till.act(action);
    return true;
  }

  #escape() {
    if (this.weighing) this.#weighed();
    else if (this.products.search.value) this.products.clear();
    else this.#sheet(false);
    document.activeElement?.blur();
  }
}
