/** Selling without a mouse: one table, one line that always has the focus, the keys on the last row. */
import { el, icon, swap } from "../dom.mjs";
import { chosen, keyed } from "../entry.mjs";
import { money, quantity, typed } from "../format.mjs";
import { actionOf, keyOf } from "../keymap.mjs";
import { splitTimes } from "../labels.mjs";
import { steps } from "../money.mjs";
import { shortMark } from "../stock.mjs";
import { t } from "../words.mjs";
import { articles } from "./ticket.mjs";
import { Weigh } from "./weigh.mjs";

export class KeyboardScreen {
  constructor(till) {
    Object.assign(this, { till, name: "sale", sells: true, weighing: null, last: 0 });
    this.input = el("input.form-control.p-kin", {
      type: "text", autocomplete: "off", spellcheck: "false", "data-codes": true, autofocus: true,
      "aria-label": t("Code, quantity times code, or name"), oninput: () => this.#preview(),
    });
    this.aside = el("div.g-col.gap-0.px-2.p-kpreview", { role: "status" });
    this.rows = el("tbody");
    this.foot = el("footer.p-tot");
    this.stage = el("div.p-kstage", { tabindex: "0", role: "region", "aria-label": t("Lines of the ticket") }, this.#table());
    this.node = el("main.p-kbs", {},
      el("h1.visually-hidden", {}, t("Selling by keyboard")),
      el("section.g-row.gap-2.p-2", { "aria-label": t("Entry") }, el("div.g-find.g-grow", {}, icon("barcode"), this.input), this.aside),
      this.stage, this.foot, this.#keys());
    this.update();
    queueMicrotask(() => this.input.focus());
  }

  #table() {
    const heads = [["#", 1], [t("Code")], [t("Product")], [t("Quantity"), 1], [t("Price"), 1], [t("Disc."), 1], [t("VAT"), 1], [t("Total"), 1]];
    return el("table.g-table", {}, el("caption.visually-hidden", {}, t("Lines of the ticket")),
      el("thead", {}, el("tr", {}, heads.map(([words, number]) => el(`th${number ? ".g-num" : ""}`, { scope: "col" }, words)))), this.rows);
  }

  #keys() {
    const map = [["search", t("Search")], ["customer", t("Customer")], ["price", t("Price")], ["hold", t("Hold")], ["recall", t("Recall")],
      ["weigh", t("Weigh")], ["drawer", t("Drawer")]];
    const fixed = [["+ −", t("Qty")], ["/", t("Disc.")], [t("Del"), t("Remove")], [keyOf("mode"), t("Touch")], [keyOf("pay"), t("PAY")]];
    return el("nav.p-keys", { "aria-label": t("Keys") }, [...map.map(([action, words]) => [keyOf(action), words]), ...fixed]
      .map(([key, words]) => el("span", {}, el("b", {}, key), words)));
  }

  update() {
    const { cart } = this.till;
    const short = this.till.stock.short();
    swap(this.rows, cart.ticket.lines.map((line, at) => this.#row(line, at, short.get(line.product_id))));
    swap(this.foot, this.#summary());
    this.rows.querySelector(".on")?.scrollIntoView({ block: "nearest" });
    this.#preview();
  }

  #row(line, at, left) {
    const { cart } = this.till;
    const number = (text, shape = "") => el(`td.g-num${shape}`, {}, text);
    return el("tr", { class: at === cart.selected ? "on" : "", "aria-current": at === cart.selected ? "true" : null, onclick: () => cart.select(at) },
      number(String(at + 1), ".g-3rd"), el("td.g-mono.g-2nd", {}, line.code), el("td", {}, el("b", {}, line.name), left !== undefined && shortMark(left, line.unit)),
      number(line.weighable ? quantity(line.quantity, line.unit, 3) : quantity(line.quantity)), number(money(line.unit_price)),
      number(steps(line.discount) > 0n ? money(line.discount) : "", ".g-2nd"), number(vat(line.taxes), ".g-2nd"),
      el("td.g-num", {}, el("b", {}, money(cart.amounts.lines[at]))));
  }

  #summary() {
    const { cart } = this.till;
    const pair = (words, value) => [el("dt", {}, words), el("dd", {}, value)];
    return [
      el("dl.g-sum.p-mini", {}, pair(t("Items"), articles(cart) || "0"), pair(t("Discount"), money(cart.amounts.discount)), pair(t("Taxes included"), money(cart.amounts.tax))),
      el("div.g-col.gap-0.g-grow.ms-4", {}, el("span.g-2nd", {}, `${t("Customer")} `, el("kbd", {}, keyOf("customer"))),
        el("b", {}, cart.ticket.customer?.name ?? t("Final consumer"))),
      el("div.g-col.gap-0.align-items-end", {}, el("span.g-2nd", {}, t("Total")), el("span.p-total.p-xl.g-num", {}, money(cart.amounts.total))),
    ];
  }

  // What Enter would sell, before it is pressed.
  #preview() {
    const { times, code } = splitTimes(this.input.value);
    const product = code ? this.till.catalog.find(code)?.product ?? this.till.catalog.search(code, 1).found[0] : null;
    if (!product) return swap(this.aside);
    const left = product.stock === null || product.stock === undefined ? "" : ` · ${t("{n} left", { n: quantity(product.stock) })}`;
    return swap(this.aside, el("b", {}, `${quantity(times ?? "1")} × ${product.name}`), el("span.g-2nd", {}, `${t("{price} each", { price: money(product.price) })}${left}`));
  }

  restock() {
    this.#preview();
  }

  takeTimes() {
    return null;
  }

  weigh(product) {
    this.weighing?.node.remove();
    this.weighing = new Weigh(this.till, product, () => this.#weighed());
    this.stage.before(this.weighing.node);
    this.stage.hidden = true;
    if (product) document.activeElement?.blur();
  }

  #weighed() {
    this.weighing?.node.remove();
    this.weighing = null;
    this.stage.hidden = false;
    this.input.focus();
  }

  typed(key) {
    if (this.weighing) return this.weighing.press(key);
    this.input.focus();
    this.input.value += key;
    return this.#preview();
  }

  key(event) {
    if (this.weighing && event.key === "Escape") return this.#weighed();
    if (this.weighing) return document.activeElement?.matches("input") ? false : this.weighing.press(event.key === "Backspace" ? "back" : event.key);
    if (event.key === "Enter" && !event.repeat) return this.#enter(event);
    if (event.key === "Escape") return this.#clear();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") return this.#move(event);
    const action = actionOf(event);
    if (!action || (action === "remove" && this.input.value)) return false;
    event.preventDefault();
    if (action === "search") this.input.select();
    else this.till.act(action);
    return true;
  }

  #clear() {
    this.input.value = "";
    this.#preview();
    this.input.focus();
  }

  #move(event) {
    event.preventDefault();
    const { cart } = this.till;
    const to = cart.selected + (event.key === "ArrowDown" ? 1 : -1);
    if (to >= 0 && to < cart.ticket.lines.length) cart.select(to);
  }

  // "+2", "-1" and "/500" act on the line in hand; a lone Enter pays, but never right after another Enter.
  #enter(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    const since = event.timeStamp - this.last;
    this.last = event.timeStamp;
    if (!text) return since > 400 && this.till.charge();
    const sign = /^([+\-/])(\d{0,9}(?:[.,]\d{1,3})?)(%?)$/.exec(text);
    if (sign) this.#act(...sign.slice(1));
    else this.#sell(text);
    return this.input.focus();
  }

  #act(sign, text, percent) {
    const { cart } = this.till;
    if (!cart.line) return this.#clear();
    const value = typed(text) ?? "1";
    if (sign === "/") this.till.discount(value, percent === "%");
    else if (sign === "+") this.till.raise(Number.parseInt(value, 10));
    else cart.step(-Number.parseInt(value, 10));
    return this.#clear();
  }

  #sell(text) {
    const { times, code } = splitTimes(text);
    const found = keyed(this.till, text) ? null : this.till.catalog.search(code, 1).found[0];
    if (found) chosen(this.till, found, times);
    else if (found === undefined) this.till.notice("bad", t("Nothing called “{text}”. Try fewer letters.", { text: code }));
    this.#clear();
  }
}

/** `19 %`, or short for exempt and excluded. */
function vat(taxes) {
  const taxed = taxes.find((tax) => tax.treatment === "taxed" && tax.kind !== "per_unit");
  if (taxed) return quantity(taxed.rate, "%");
  return taxes.some((tax) => tax.treatment === "exempt") ? quantity("0", "%") : t("Exc.");
}
