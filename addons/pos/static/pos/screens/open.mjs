/** The drawer is closed: count the float, open, sell. */
import { el, icon, swap } from "../dom.mjs";
import { money } from "../format.mjs";
import { steps } from "../money.mjs";
import { t } from "../words.mjs";

const KEYS = ["7", "8", "9", "4", "5", "6", "1", "2", "3", "00", "0", "000"];
const USUAL = ["50000", "100000", "150000", "200000"];

export class OpenScreen {
  constructor(till) {
    Object.assign(this, { till, name: "open", sells: false, text: "", busy: false });
    this.node = el("main.p-open");
    this.update();
  }

  update() {
    const { till } = this;
    swap(this.node, el("section.p-panel.p-opening", { "aria-label": t("Open the till") },
      el("div.g-col.gap-1", {}, el("h1", {}, t("Open {till}", { till: till.page.tillName })),
        el("p.g-2nd", {}, t("Count the cash you start with. It is the float of this drawer."))),
      el("div.p-disp", {}, el("span.g-2nd", {}, t("Cash float")), el("span.p-total.g-num", { role: "status" }, money(this.text || "0"))),
      el("div.p-quick.p-quick4", {}, this.#usual().map((amount) => el("button", {
        "data-focus": `usual-${amount}`, "aria-pressed": String(this.text === amount),
        onclick: () => { this.text = amount; this.update(); },
      }, money(amount)))),
      el("div.p-pad.p-pad3", { role: "group", "aria-label": t("Keypad") }, KEYS.map((key) =>
        el("button.p-key", { "data-focus": key, onclick: () => this.press(key) }, key)),
        el("button.p-key.f.p-wide", { "aria-label": t("Erase"), onclick: () => this.press("back") }, icon("backspace", "fs-2"))),
      el("button.p-pay", { "data-focus": "open", disabled: this.busy || till.readOnly, onclick: () => this.open() },
        el("span.g-row", {}, icon("lock-open"), t("OPEN TILL")), el("span.g-num", {}, money(this.text || "0")))));
  }

  #usual() {
    return this.till.boot.settings.float_amounts ?? USUAL;
  }

  press(key) {
    const next = (key === "back" ? this.text.slice(0, -1) : this.text + key).replace(/^0+(?=\d)/, "");
    if (/^\d{0,9}$/.test(next)) this.text = next;
    this.update();
  }

  typed(key) {
    if (/^\d$/.test(key)) this.press(key);
  }

  key(event) {
    if (event.key === "Backspace") this.press("back");
    if (event.key !== "Enter" || event.repeat || document.activeElement?.matches("button")) return false;
    event.preventDefault();
    void this.open();
    return true;
  }

  async open() {
    if (this.busy || this.till.readOnly) return;
    this.busy = true;
    this.update();
    const float = this.text || "0";
    await this.till.attempt(async () => {
      await this.till.opened(await this.till.drawer.open(steps(float) ? float : "0"));
    });
    this.busy = false;
    if (this.till.screen === this) this.update();
  }
}
