/** Closing: count blind, compare, close. A difference is said in words, asks why and never stops anybody. */
import { el, icon, swap } from "../dom.mjs";
import { hour, money } from "../format.mjs";
import { ONE, plain, steps } from "../money.mjs";
import { BILLS, COINS } from "../payment.mjs";
import { t } from "../words.mjs";
import { comparison, waitingNote } from "./comparison.mjs";

export class CloseScreen {
  constructor(till) {
    Object.assign(this, { till, name: "close", sells: false, step: "count", busy: false, summary: null, note: "", session: till.boot.session });
    this.counts = new Map([...BILLS, ...COINS].map((value) => [value, 0n]));
    this.count = el("section.p-panel.p-counting", { "aria-label": t("Count cash") });
    this.side = el("section.p-panel.p-compare", { "aria-label": t("Compare") });
    this.node = el("main.p-close", {}, this.count, this.side);
    this.forget = till.queue.listen(() => this.update());
    this.update();
    void this.#sales();
  }

  leave() {
    this.forget();
  }

  // How many tickets there were may be known while counting; how much money there should be may not.
  async #sales() {
    await this.till.attempt(async () => {
      this.blind = await this.till.drawer.summary(this.session, { blind: true });
      this.update();
    });
  }

  get total() {
    return [...this.counts].reduce((sum, [value, count]) => sum + value * count * ONE, 0n);
  }

  update() {
    swap(this.count, this.#head(), this.#denominations(), this.#total());
    swap(this.side, { count: () => this.#waiting(), compare: () => comparison(this), closed: () => comparison(this) }[this.step]());
  }

  #head() {
    const { boot, page } = this.till;
    const sold = this.blind?.sales_count ?? this.summary?.sales_count;
    const facts = [boot.cashier.name, t("open since {hour}", { hour: hour(this.session.opened_at, boot.establishment.zone) }),
      sold !== undefined && t("Tickets: {n}", { n: sold })].filter(Boolean);
    const stages = [["count", "calculator", t("Count cash")], ["compare", "scale-outline", t("Compare")], ["closed", "lock", t("Close")]];
    const reached = stages.findIndex(([name]) => name === this.step);
    return el("div.g-head.pb-2.pt-3", {},
      el("button.p-act", { "aria-label": t("Back to the sale (Esc)"), onclick: () => this.#back() }, icon("arrow-left")),
      el("div.g-col.gap-0.g-grow", {}, el("h1", {}, t("Closing of {till}", { till: page.tillName })), el("p.g-2nd", {}, facts.join(" · "))),
      el("ol.g-path", {}, stages.map(([, name, words], at) => el("li", { "aria-current": at === reached ? "step" : null },
        at < reached ? el("span.done", {}, icon("circle-check")) : icon(name), words))));
  }

  #denominations() {
    const column = (title, values) => el("div", {},
      el("div.p-denh", {}, el("span", {}, title), el("span", {}, t("Quantity")), el("span.g-num", {}, t("Sum"))),
      values.map((value) => this.#denomination(value)));
    return el("div.p-den", {}, column(t("Bank notes"), BILLS), column(t("Coins"), COINS));
  }

  #denomination(value) {
    const shown = money(value * ONE);
    const count = this.counts.get(value);
    const fixed = this.step !== "count";
    const change = (next) => { this.counts.set(value, next < 0n ? 0n : next); this.update(); };
    const field = el("input", {
      type: "text", inputmode: "numeric", "aria-label": t("How many of {value}", { value: shown }), "data-focus": `n-${value}`,
      value: String(count), readonly: fixed, maxlength: "5", onfocus: () => field.select(),
      oninput: () => { this.counts.set(value, /^\d{1,5}$/.test(field.value.trim()) ? BigInt(field.value.trim()) : 0n); },
      onchange: () => this.update(),
    });
    return el("div.p-denr", {}, el("span.p-bill", {}, shown),
      el("div.p-step.s", {},
        el("button", { "data-focus": `less-${value}`, disabled: fixed, "aria-label": t("One less of {value}", { value: shown }), onclick: () => change(count - 1n) }, icon("minus")),
        field,
        el("button", { "data-focus": `more-${value}`, disabled: fixed, "aria-label": t("One more of {value}", { value: shown }), onclick: () => change(count + 1n) }, icon("plus"))),
      el("b.g-num", {}, money(value * count * ONE)));
  }

  #total() {
    const blind = this.step === "count" ? t("Blind count: what is expected appears once you confirm") : t("Blind count: what was expected appeared on confirming");
    return el("div.p-tot.mt-auto", {}, el("div.g-col.gap-0", {}, el("span.g-2nd", {}, t("Counted in cash")),
      el("span.g-3rd", {}, icon("eye"), ` ${blind}`)), el("span.p-total.g-num", {}, money(this.total)));
  }

  #waiting() {
    return [
      el("div.g-pad.g-col.gap-2", {}, el("span.g-row.fs-3", {}, icon("calculator"), el("b", {}, t("Count what is in the drawer"))),
        el("p.g-2nd", {}, t("Write how many there are of each. When you are done, compare: until then nobody sees what should be there."))),
      el("div.g-pad.g-grow.g-col.gap-3", {}, waitingNote(this.till)),
      el("div.g-pad", {}, el("button.p-pay.p-full", { "data-focus": "compare", disabled: this.busy, onclick: () => this.compare() },
        el("span", {}, t("COMPARE")), icon("scale-outline"))),
    ];
  }

  async compare() {
    this.busy = true;
    await this.till.attempt(async () => {
      this.summary = await this.till.drawer.summary(this.session, { blind: false });
      this.step = "compare";
    });
    this.busy = false;
    this.update();
  }

  again() {
    this.step = "count";
    this.update();
  }

  async close() {
    if (this.busy) return;
    this.busy = true;
    this.update();
    const counted = [...this.counts].filter(([, count]) => count > 0n)
      .map(([value, count]) => ({ denomination: String(value), count: Number(count) }));
    await this.till.attempt(async () => {
      const result = await this.till.drawer.close(this.session, { counted, total: plain(this.total), note: this.note.trim() });
      this.summary = { ...this.summary, ...result };
      this.step = "closed";
      await this.till.closed();
    });
    this.busy = false;
    this.update();
  }

  /** What should be in the drawer, in millionths. */
  get expected() {
    return steps(this.summary.expected);
  }

  #back() {
    this.till.show(this.step === "closed" ? "open" : "sale");
  }

  typed() {}

  key(event) {
    if (event.key !== "Escape") return false;
    this.#back();
    return true;
  }
}
