/** Taking the money: method on the left, what is due and given back in the centre, the hand on the right. */
import { el, icon, swap } from "../dom.mjs";
import { figure, money } from "../format.mjs";
import { Payment, inCash } from "../payment.mjs";
import { t } from "../words.mjs";

const ICONS = { cash: "cash-banknote", card: "credit-card", transfer: "qrcode" };
const KEYS = ["7", "8", "9", "4", "5", "6", "1", "2", "3", "00", "0", "000"];

export class PayScreen {
  constructor(till) {
    Object.assign(this, { till, name: "pay", sells: false, busy: false, choosing: true });
    const { methods, settings } = till.boot;
    this.payment = new Payment({ total: till.cart.amounts.total, methods, rounding: settings.cash_rounding || "0" });
    this.methods = el("section.p-methods", { "aria-label": t("Payment methods") });
    this.centre = el("section.p-panel.p-due", { "aria-label": t("What is due") });
    this.hand = el("section.p-cart.p-hand", { "aria-label": t("Amount") });
    this.reference = el("input.form-control", { type: "text", autocomplete: "off", maxlength: "60", oninput: () => {
      this.payment.reference = this.reference.value;
    } });
    this.node = el("main.p-three", {}, this.methods, this.centre, this.hand);
    this.update();
  }

  /** The ticket changed under the payment: one more thing was read. */
  update() {
    this.payment.total = this.till.cart.amounts.total;
    swap(this.methods, this.#methodButtons());
    swap(this.centre, this.#due(), this.#list(), this.#outcome(), this.#quick());
    swap(this.hand, this.#pad());
  }

  #methodButtons() {
    const back = el("button.p-act", { "aria-label": t("Back to the sale (Esc)"), onclick: () => this.till.show("sale") }, icon("arrow-left"));
    return [
      el("h1.g-row.g-h1p", {}, back, t("Take payment")),
      el("div.p-methodlist", { role: "group", "aria-label": t("Payment methods") },
        this.payment.methods.map((method, at) => el("button.p-m", {
          "data-focus": method.code, "aria-pressed": String(method === this.payment.method), onclick: () => this.#choose(method),
        }, icon(ICONS[method.code] ?? "coins"), el("span", {}, method.title), el("kbd", {}, String(at + 1))))),
      el("span.g-grow"),
      el("button.p-m.p-buyer", { onclick: () => this.till.customers() }, icon("user-circle"),
        el("span", {}, t("Customer"), el("br"), el("span.g-3rd", {}, this.till.cart.ticket.customer?.name ?? t("Final consumer")))),
    ];
  }

  #choose(method) {
    this.payment.choose(method.code);
    this.reference.value = "";
    this.choosing = false;
    this.update();
  }

  #due() {
    const { amounts } = this.till.cart;
    return el("div.g-pad.d-flex.align-items-end", {},
      el("div.g-col.gap-0.g-grow", {}, el("span.g-2nd.fs-3", {}, t("Total to pay")),
        el("span.p-total.g-num.text-start", {}, money(amounts.total))),
      el("span.g-chip.is-info", {}, icon("percentage"), `${t("Taxes")} ${money(amounts.tax)}`));
  }

  #list() {
    const { payment } = this;
    const settled = payment.settled.map((one) => this.#line(one.method, one.tendered, one.reference, one.id));
    const live = payment.due > 0n ? [this.#line(payment.method, payment.handed, null, null)] : [];
    return el("ul.g-list.border-top.border-bottom.p-paylines", {}, settled, live);
  }

  #line(method, amount, reference, id) {
    const cash = method.code === "cash";
    const title = cash ? t("Cash received") : method.title;
    const under = id ? reference ?? t("Settled") : `${t("Still due")} ${money(this.payment.due)}`;
    return el(`li.p-payline${id ? "" : ".on"}`, {}, icon(ICONS[method.code] ?? "coins", "fs-2 is-ok"),
      el("span.g-grow", {}, el("b", {}, title), el("br"), el("span.g-3rd", {}, under)),
      !id && method.asks?.length > 0 && this.#reference(method),
      el("b.fs-2.g-num", {}, money(amount)),
      id && el("button.p-act", { "aria-label": t("Remove {name}", { name: title }), onclick: () => { this.payment.drop(id); this.update(); } }, icon("x")));
  }

  #reference(method) {
    const label = method.code === "card" ? t("Approval code") : t("Reference");
    this.reference.setAttribute("aria-label", label);
    this.reference.placeholder = label;
    this.reference.dataset.focus = "reference";
    return el("span.p-ref", {}, this.reference);
  }

  #outcome() {
    const { payment } = this;
    const say = (shape, name, words, amount, below = null) => el(`div.p-change.g-grow${shape}`, { role: "status" },
      el("span", {}, icon(name), words), el("span.p-huge", {}, money(amount)), below && el("span.g-2nd", {}, below));
    if (payment.tooMuch) return say(".is-bad", "alert-triangle", t("More than what is due"), payment.handed - payment.due);
    if (payment.missing > 0n) return say(".is-warn", "coins", t("Still missing"), payment.missing);
    if (payment.change > 0n) return say("", "arrow-back-up", t("Give back"), payment.change, pieces(payment.change));
    return say("", "check", t("Exact, no change"), 0n);
  }

  #quick() {
    const { payment } = this;
    if (payment.method.code !== "cash" || payment.due <= 0n) return null;
    const button = (words, amount) => el("button", {
      "data-focus": `quick-${words}`, "aria-pressed": String(payment.entry !== "" && payment.handed === amount),
      onclick: () => { payment.set(amount); this.choosing = false; this.update(); },
    }, words);
    return el("div.g-pad.g-col.gap-2.pt-0", {}, el("span.g-cap", {}, t("Received, quick")),
      el("div.p-quick", {}, button(t("Exact"), payment.due), payment.quick().map((amount) => button(money(amount), amount))));
  }

  #pad() {
    const { payment } = this;
    const key = (name, child = name, label = null) => el(`button.p-key${child === name && KEYS.includes(name) ? "" : ".f"}`, {
      "data-focus": `key-${name}`, "aria-label": label, onclick: () => this.press(name),
    }, child);
    return [
      el("div.p-tick.p-disp", {}, el("span.g-2nd", {}, payment.method.code === "cash" ? t("Cash received") : payment.method.title),
        el("span.p-total.g-num", {}, payment.entry === "" ? figure(payment.due) : figure(payment.handed))),
      el("div.p-pad.p-pad3", { role: "group", "aria-label": t("Keypad") }, KEYS.map((one) => key(one)),
        key("more", t("+ Payment")), key("clear", "C", t("Clear the amount")), key("back", icon("backspace", "fs-2"), t("Erase"))),
      el("button.p-ghost.p-sm", { "aria-pressed": String(this.till.printing), onclick: () => { this.till.togglePrinting(); this.update(); } },
        icon("printer"), ` ${t("Print")}`),
      el("button.p-pay", { "data-focus": "finish", disabled: this.busy || !payment.complete, onclick: () => this.finish() },
        el("span.g-row", {}, icon("check"), t("FINISH")), el("kbd.g-kbd", {}, "Enter")),
    ];
  }

  press(key) {
    this.choosing = false;
    if (key === "clear") this.payment.entry = "";
    else if (key === "more") this.#more();
    else this.payment.press(key);
    if (key === "clear" || key === "back") this.choosing = this.payment.entry === "";
    this.update();
  }

  #more() {
    if (!this.payment.settle()) return;
    this.reference.value = "";
    this.choosing = true;
  }

  /** Digits choose the method until one is chosen; then they are the amount. */
  typed(key) {
    const method = this.choosing && this.payment.entry === "" ? this.payment.methods[Number(key) - 1] : null;
    if (method) this.#choose(method);
    else if (/^\d$/.test(key)) this.press(key);
    else if (key === "+") this.press("more");
  }

  key(event) {
    if (event.key === "Escape") return this.#escape();
    if (event.key === "Backspace" && document.activeElement !== this.reference) return this.press("back");
    if (event.key === "Enter" && !event.repeat) return this.#enter(event);
    return false;
  }

  // One step back at a time: the amount, the method, the sale.
  #escape() {
    if (this.payment.entry !== "" || !this.choosing) this.press("clear");
    else if (!this.payment.settled.length) this.till.show("sale");
    else this.till.notice("warn", t("Remove the payments first, or finish."));
  }

  // Enter ends; what does not cover the total yet is settled and the rest asked for.
  #enter(event) {
    const onButton = document.activeElement?.matches("button") && document.activeElement.dataset.focus !== "finish";
    if (onButton) return false;
    event.preventDefault();
    if (this.payment.complete) void this.finish();
    else if (!this.payment.tooMuch) this.press("more");
    return true;
  }

  /** Take the sale down on this machine, then show the ticket; until it is on disk nothing has been sold. */
  async finish() {
    if (this.busy || this.till.stock.asking.size || !this.payment.complete) return;
    this.busy = true;
    this.update();
    try {
      await this.till.complete({ payments: this.payment.finished(), change: this.payment.change });
    } catch (error) {
      this.busy = false;
      this.update();
      this.till.notice("bad", t("This machine could not keep the sale. Do not hand over anything yet: {why}", { why: error.message }));
    }
  }
}

/** `1 de 10.000 · 1 de 5.000`. */
export function pieces(amount) {
  return inCash(amount).map(([value, count]) => t("{n} of {value}", { n: count, value: figure(value * 1_000_000n) })).join(" · ");
}
