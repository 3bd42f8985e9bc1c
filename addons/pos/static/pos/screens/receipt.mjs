/** After paying: the change in large, what became of the document, the paper, and the way to the next sale. */
import { Refused, Unreachable } from "../api.mjs";
import { el, icon, swap } from "../dom.mjs";
import { money } from "../format.mjs";
import { steps } from "../money.mjs";
import { sound } from "../sounds.mjs";
import { t } from "../words.mjs";
import { paper } from "./paper.mjs";
import { pieces } from "./pay.mjs";
import { refusalPanel } from "./refusal.mjs";

export class ReceiptScreen {
  /** `again`: a sale of before, shown for a copy. */
  constructor(till, { row, again = false }) {
    Object.assign(this, { till, row, again, name: "receipt", sells: true, printed: again, since: performance.now() });
    this.left = el("section.p-panel.p-after", { "aria-label": t("Sale finished") });
    this.right = el("section.p-paperbox", { "aria-label": t("Ticket"), tabindex: "0" });
    this.node = el("main.p-receipt", {}, this.left, this.right);
    this.waits = !again;
    this.undecided = false;
    this.leave = till.queue.listen((changed) => changed?.uuid === row.uuid && this.#told());
    this.#redraw();
    if (!again) void this.#settle();
    else if (row.answer && !this.#final()) void this.#ask();
  }

  /** Nothing of the open ticket shows here. */
  update() {}

  // A refusal that comes while the paper waits for it stops everything until somebody decides.
  #told() {
    const refused = this.row.state === "review" && this.row.verdict === "rejected" && (this.waits || this.undecided);
    if (refused && !this.undecided) sound("bad");
    this.undecided = refused;
    this.#redraw();
  }

  // There is no paper of what the server did not take.
  #redraw() {
    this.right.hidden = this.row.state === "review";
    this.left.setAttribute("aria-label", this.undecided ? t("The sale was not made") : t("Sale finished"));
    swap(this.left, this.undecided ? this.#refusal() : this.#after());
    swap(this.right, this.row.state !== "review" && paper(this.till, this.row, { copy: this.again }));
  }

  #refusal() {
    return refusalPanel(this.row, { printed: this.printed, onCorrect: () => this.#decide("1"), onLeave: () => this.#decide("2") });
  }

  // Twice the same key must not take the sale back twice.
  #decide(key) {
    if (key === "1" && !this.correcting) {
      this.correcting = this.till.correct(this.row).finally(() => { this.correcting = null; });
    } else if (key === "2" && !this.correcting) this.till.show("sale");
  }

  #after() {
    return [
      el("div.g-pad.g-row.t-no", {}, el("h1.g-grow", {}, this.row.answer?.full_number ?? t("Sale kept")), this.#state()),
      el("div.p-change.g-grow", { role: "status" }, this.again ? this.#sold() : this.#change()),
      el("div.g-pad.p-next", {},
        this.row.state !== "review" && el("button.p-ghost.p-sm.px-4", { onclick: () => this.print() }, icon("printer"), ` ${this.printed ? t("Print a copy") : t("Print")}`),
        el("button.p-pay.g-grow", { "data-focus": "next", onclick: () => this.#next() },
          el("span", {}, t("NEW SALE")), el("kbd.g-kbd", {}, "Enter"))),
    ];
  }

  #change() {
    const { shown } = this.row;
    const change = steps(shown.change);
    return [
      el("span", {}, icon(change > 0n ? "arrow-back-up" : "check"), change > 0n ? t("Give back") : t("Exact, no change")),
      el("span.p-huge", {}, money(change)), change > 0n && el("span.g-2nd", {}, pieces(change)),
      el("span.g-2nd.fs-3", {}, `${t("Total")} ${money(shown.total)}`),
    ];
  }

  // Nobody gives the change of a sale of before a second time.
  #sold() {
    const { shown } = this.row;
    return [
      el("span", {}, icon("receipt"), t("Copy of a ticket")), el("span.p-huge", {}, money(shown.total)),
      el("span.g-2nd.fs-3", {}, `${t("Change given")} ${money(shown.change)}`),
    ];
  }

  #state() {
    const { state, answer } = this.row;
    const chip = (tone, name, words) => el("span.g-chip", { class: tone, role: "status" }, icon(name), words);
    if (state === "review") return chip("is-bad", "alert-circle", t("To review: the server did not take it"));
    if (!answer) return chip("is-warn", "cloud-upload", t("To be sent"));
    if (!answer.code) return chip("is-ok", "check", t("Sent"));
    if (answer.status === "accepted") return chip("is-ok", "rosette-discount-check", t("Validated by DIAN"));
    return chip("is-info", "clock", t("Pending DIAN validation"));
  }

  // Paper waits a little for the number and the authority, then goes out with what there is.
  async #settle() {
    const patience = Number(this.till.boot.settings.validation_seconds ?? 3) * 1000;
    const until = performance.now() + patience;
    while (performance.now() < until && !this.#final()) {
      await new Promise((resolve) => { setTimeout(resolve, 250); });
      if (this.row.answer && !this.#final()) await this.#ask();
    }
    this.waits = false;
    if (this.till.printing && this.till.screen === this && !this.printed) this.print();
  }

  #final() {
    const { answer, state } = this.row;
    return state === "review" || (answer && (answer.status === "accepted" || !answer.code));
  }

  async #ask() {
    try {
      const answer = await this.till.api.get(`sales/${this.row.uuid}`);
      await this.till.queue.update(this.row, { ...this.row.answer, ...(answer.answer ?? answer) });
    } catch (error) {
      // An unanswered question costs nothing: the paper says "pending".
      if (!(error instanceof Unreachable || error instanceof Refused)) throw error;
    }
  }

  // Pressed while the refusal came: it has to be decided all the same.
  #next() {
    if (!this.undecided) this.till.show("sale");
  }

  /** The first print is the ticket; every one after it carries COPIA. */
  print() {
    if (this.row.state === "review") return;
    this.right.replaceChildren(paper(this.till, this.row, { copy: this.printed }));
    window.print();
    this.printed = true;
    this.#redraw();
  }

  typed(key) {
    if (this.undecided) this.#decide(key);
  }

  key(event) {
    if (this.undecided) return false;
    if (event.key === "Escape") this.till.show("sale");
    if (event.key !== "Enter" || event.repeat || document.activeElement?.matches("button")) return event.key === "Escape";
    event.preventDefault();
    // The Enter that paid, pressed twice, must not hide the change.
    if (performance.now() - this.since > 400) this.#next();
    return true;
  }
}
