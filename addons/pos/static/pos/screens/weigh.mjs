/** Weight by hand: product by PLU or by touch, then kilos. It takes the place of the tiles; it covers nothing. */
import { el, icon, swap } from "../dom.mjs";
import { add } from "../entry.mjs";
import { money, typed } from "../format.mjs";
import { matches as begins, words } from "/static/js/folding.mjs";
import { t } from "../words.mjs";

const KEYS = ["7", "8", "9", "4", "5", "6", "1", "2", "3", ",", "0", "back"];

export class Weigh {
  /** `onDone` is called when the weight is in the ticket or the cashier goes back. */
  constructor(till, product, onDone) {
    Object.assign(this, { till, product, onDone, text: "" });
    this.node = el("section.p-right.p-panel.p-weigh", { "aria-label": t("Weigh") });
    this.#draw();
  }

  #draw() {
    const back = el("button.p-act", { "aria-label": t("Back to the sale (Esc)"), onclick: () => this.onDone() }, icon("arrow-left"));
    swap(this.node, el("h2.g-row.g-h1p", {}, back, this.product ? this.product.name : t("What is being weighed?")),
      this.product ? this.#weight() : this.#choice());
  }

  #choice() {
    const list = el("div.p-weighlist");
    const field = el("input.form-control", {
      type: "text", "aria-label": t("PLU or name"), placeholder: t("PLU or name"), autocomplete: "off", "data-codes": true,
      oninput: () => show(), onkeydown: (event) => { if (event.key === "Enter" && first()) this.#pick(first()); },
    });
    const matches = () => {
      const asked = field.value.trim();
      const all = this.till.catalog.weighables();
      const exact = all.filter((one) => one.plu && String(Number(one.plu)) === asked.replace(/^0+/, ""));
      return exact.length ? exact : all.filter((one) => begins(words(asked), words(one.name))).slice(0, 24);
    };
    const first = () => matches()[0];
    const show = () => swap(list, matches().map((one) => el("button.p-ghost.p-weighitem", { onclick: () => this.#pick(one) },
      el("b", {}, one.name), el("span.g-3rd", {}, `${one.plu ? `PLU ${one.plu} · ` : ""}${money(one.price)}/${one.unit}`))));
    show();
    queueMicrotask(() => field.focus());
    return [field, list];
  }

  #pick(product) {
    this.product = product;
    this.#draw();
    document.activeElement?.blur();
  }

  #weight() {
    this.shown = el("span.p-huge.p-h72", { role: "status" });
    this.worth = el("span.g-2nd.fs-3");
    this.done = el("button.p-pay", { onclick: () => this.#finish() }, el("span", {}, t("ADD")), el("kbd.g-kbd", {}, "Enter"));
    const pad = el("div.p-pad.p-pad3", { role: "group", "aria-label": t("Weight") }, KEYS.map((key) =>
      el(`button.p-key${key === "back" ? ".f" : ""}`, { "data-focus": key, "aria-label": key === "back" ? t("Erase") : null, onclick: () => this.press(key) },
        key === "back" ? icon("backspace", "fs-2") : key)));
    this.#count();
    return [el("div.p-weight", {}, el("span.g-2nd", {}, t("Weight in {unit}", { unit: this.product.unit })), this.shown, this.worth), pad, this.done];
  }

  press(key) {
    if (!this.product) return;
    if (key === "Enter") return void this.#finish();
    const next = key === "back" || key === "Backspace" ? this.text.slice(0, -1) : this.text + (key === "." ? "," : key);
    if (/^\d{0,4}(,\d{0,3})?$/.test(next)) this.text = next;
    this.#count();
  }

  #count() {
    this.shown.textContent = `${this.text || "0,000"}\u00a0${this.product.unit}`;
    this.worth.textContent = `× ${money(this.product.price)}/${this.product.unit}`;
    this.done.disabled = !/[1-9]/.test(this.text);
  }

  #finish() {
    const weight = typed(this.text.replace(/,$/, ""));
    if (!weight || !/[1-9]/.test(weight)) return;
    add(this.till, this.product, weight);
    this.onDone();
  }
}
