/** The till itself: what it knows, which screen is up, and the deeds that more than one screen needs. */
import { Refused, Unreachable } from "./api.mjs";
import { Cart, reopened } from "./cart.mjs";
import { el, icon, swap } from "./dom.mjs";
import { scanned } from "./entry.mjs";
import { percentOf, plain, steps } from "./money.mjs";
import { Scanner } from "./scanner.mjs";
import { bar } from "./screens/bar.mjs";
import { CloseScreen } from "./screens/close.mjs";
import { openCustomers, openHeld, openMore, openMovement, openPrice } from "./screens/dialogs.mjs";
import { KeyboardScreen } from "./screens/keyboard.mjs";
import { OpenScreen } from "./screens/open.mjs";
import { PayScreen } from "./screens/pay.mjs";
import { ReceiptScreen } from "./screens/receipt.mjs";
import { SaleScreen } from "./screens/sale.mjs";
import { saleDocument, saleShown } from "./sale_document.mjs";
import { Stock } from "./stock.mjs";
import { t } from "./words.mjs";

export class Till {
  /** Everything is made by start.mjs; the till only puts it to work. */
  constructor({ page, boot, parts }) {
    Object.assign(this, parts, { page, boot, readOnly: false, screen: null, keyboard: false, printing: true, leftHand: false });
    this.online = navigator.onLine;
    this.cart = new Cart({ now: this.now, onchange: (cart) => this.#changed(cart) });
    this.bar = bar(this);
    this.stage = el("div.p-stage");
    this.stock = new Stock(this);
    this.note = el("div", { role: "alert" });
    this.spoken = el("div.visually-hidden", { role: "status" });
    document.body.replaceChildren(this.bar.node, this.stage, el("div.p-notice", {}, this.stock.node, this.note), this.spoken);
    this.queue.listen(() => this.bar.update());
    this.catalog.onchange = () => this.screen?.restock?.();
    this.drafts.onerror = (error) => this.notice("bad", t("This machine cannot keep the open ticket: {why}", { why: error.message }));
    for (const name of ["online", "offline"]) addEventListener(name, () => { this.online = navigator.onLine; this.bar.update(); });
    this.#listen();
  }

  #listen() {
    document.addEventListener("click", (event) => this.#touched(event), { capture: true });
    const busy = () => document.querySelector("dialog[open]") !== null;
    this.scanner = new Scanner({
      onScan: (text, { before }) => scanned(this, text, before),
      onTyped: (key) => { if (!busy()) this.screen.typed?.(key); },
      onKey: (event) => { if (!busy() && !event.ctrlKey && !event.altKey && !event.metaKey) this.#key(event); },
    });
  }

  // A touched button gives the focus back, so that the next Enter belongs to the screen and not to it.
  #touched(event) {
    if (event.detail > 0) event.target.closest(".p-stage button")?.blur();
  }

  #key(event) {
    if (event.key === "Escape") this.clearNotice();
    if (!this.stock.key(event)) this.screen.key?.(event);
  }

  #changed(cart) {
    if (!this.readOnly) this.drafts.keep(cart.ticket);
    this.screen?.update();
  }

  /** Go to a screen; without an open drawer every road leads to opening it. */
  show(name, options = {}) {
    const wanted = !this.boot.session && name !== "open" && name !== "receipt" ? "open" : name;
    this.screen?.leave?.();
    this.clearNotice();
    if (wanted !== "sale") this.stock.drop();
    this.screen = this.#screen(wanted, options);
    document.body.dataset.screen = this.screen instanceof KeyboardScreen ? "keyboard" : wanted;
    this.stage.replaceChildren(this.screen.node);
    this.screen.update();
    this.bar.update();
  }

  #screen(name, options) {
    switch (name) {
      case "open": return new OpenScreen(this);
      case "pay": return new PayScreen(this);
      case "receipt": return new ReceiptScreen(this, options);
      case "close": return new CloseScreen(this);
      default: return this.keyboard && innerWidth >= 768 ? new KeyboardScreen(this) : new SaleScreen(this);
    }
  }

  /** Say something in place, until the next deed: "bad", "warn" or "ok", with an icon and words. */
  notice(kind, words) {
    const name = { bad: "alert-circle", warn: "alert-triangle", ok: "circle-check" }[kind];
    swap(this.note, el("div.g-note", { class: `is-${kind}` }, icon(name, `is-${kind}`), el("div.g-grow", {}, words),
      el("button.p-act", { "aria-label": t("Understood"), onclick: () => this.clearNotice() }, icon("x"))));
  }

  clearNotice() {
    if (this.note.firstChild) this.note.replaceChildren();
  }

  /** Tell screen readers, and the strip of a phone, what was just added. */
  say(words) {
    this.spoken.textContent = words;
  }

  /** Whether something may be sold now; says why if not. */
  ready() {
    if (this.readOnly) this.notice("warn", t("This till is open in another tab. Sell there, or close it."));
    else if (!this.boot.session || this.screen.name === "close") this.notice("warn", t("Open the till to sell."));
    else if (this.screen.undecided) this.notice("warn", t("Decide first what becomes of the refused sale."));
    else return true;
    return false;
  }

  can(permission) {
    return this.boot.permissions.includes(permission);
  }

  takeTimes() {
    return this.screen.takeTimes?.() ?? null;
  }

  weigh(product) {
    if (this.screen.weigh) this.screen.weigh(product);
    else this.notice("warn", t("Go back to the sale to weigh."));
  }

  charge() {
    if (!this.ready()) return;
    if (this.stock.asking.size) void this.stock.settled().then((clear) => clear && this.charge());
    else if (!this.cart.empty) this.show("pay");
  }

  /** `by` more of the line in hand, if there is as much. */
  raise(by = 1) {
    const { line } = this.cart;
    const product = line && this.catalog.byId.get(line.product_id);
    if (product) this.stock.admit(product, String(by), (more) => this.cart.raise(line.id, more));
    else this.cart.step(by);
  }

  /** Do what a function key asks for. */
  act(action) {
    const deeds = {
      mode: () => this.toggleMode(), customer: () => this.customers(), price: () => openPrice(this), hold: () => this.hold(),
      recall: () => this.recall(), weigh: () => this.weigh(null), drawer: () => openMovement(this),
      remove: () => this.cart.line && this.cart.remove(), pay: () => this.charge(),
    };
    if (!this.readOnly) deeds[action]?.();
  }

  more() {
    openMore(this);
  }

  customers() {
    openCustomers(this);
  }

  recall() {
    openHeld(this);
  }

  async hold() {
    await this.stock.settled();
    if (this.cart.empty || this.readOnly) return;
    this.stock.drop();
    await this.drafts.hold(this.cart.ticket, this.now());
    this.cart.reset();
  }

  /** Take a ticket off hold; what was open goes on hold in its place. */
  async resume(uuid) {
    await this.hold();
    this.cart.resume(await this.drafts.recall(uuid));
  }

  discount(text, percent) {
    if (!this.can("pos.discount.give")) {
      this.notice("warn", t("You need permission for this. Ask whoever is in charge of the till."));
      return;
    }
    const off = percent ? plain(percentOf(this.cart.worth(), steps(text))) : text;
    if (!this.cart.setDiscount(off)) this.notice("warn", t("The discount is more than the line is worth."));
  }

  /** The sale happens here: on disk first, then the next ticket, then the receipt. Rejects if the disk refused. */
  async complete({ payments, change }) {
    const { ticket, amounts } = this.cart;
    const closed = this.now().toISOString();
    const doc = saleDocument({ ticket, session: this.boot.session, payments, total: amounts.total, closed });
    const row = await this.queue.commit(ticket, doc, saleShown(this, { payments, change, closed }));
    this.catalog.sold(ticket.lines);
    this.cart.reset();
    this.show("receipt", { row });
  }

  /**
   * Take a refused sale back: its ticket is open again, whole, under keys of its own. First the server is asked
   * whether it holds the sale: an answer lost before the refusal would else be sold twice.
   */
  async correct(row) {
    let held = null;
    const asked = await this.attempt(async () => { held = await this.#heldByServer(row.uuid); });
    if (!asked || row.state !== "review") return;
    if (held) {
      await this.queue.found(row, held);
      this.notice("ok", t("The server had taken the sale after all: it is finished."));
      return;
    }
    const { ticket } = row;
    const next = reopened(ticket);
    try {
      await this.hold();
      await this.queue.withdraw(row, next, this.boot.cashier);
    } catch (error) {
      this.drafts.onerror(error);
      return;
    }
    this.catalog.unsold(ticket.lines);
    this.cart.resume(next);
    this.show("sale");
    this.notice("warn", t("The ticket is open again with everything it had. Correct it and charge again."));
    this.stock.refreshAll(next.lines);
  }

  async #heldByServer(uuid) {
    try {
      return await this.api.get(`sales/${uuid}`);
    } catch (error) {
      if (error instanceof Refused && error.status === 404) return null;
      throw error;
    }
  }

  /** Run something that asks the server; says what went wrong (or gives it to `tell`) and answers whether it worked. */
  async attempt(deed, tell = (words) => this.notice("bad", words)) {
    try {
      await deed();
      return true;
    } catch (error) {
      if (error instanceof Unreachable) tell(t("The server does not answer. Check the connection and try again."));
      else if (error instanceof Refused) tell(error.message);
      else throw error;
      return false;
    }
  }

  async opened(session) {
    this.boot.session = session;
    await this.store.setMeta("boot", this.boot);
    this.show("sale");
  }

  async closed() {
    this.boot.session = null;
    await this.store.setMeta("boot", this.boot);
  }

  async #prefer(name, value) {
    this[name] = value;
    await this.store.setMeta("prefers", { keyboard: this.keyboard, printing: this.printing, leftHand: this.leftHand });
  }

  togglePrinting() {
    void this.#prefer("printing", !this.printing);
  }

  toggleMode() {
    void this.#prefer("keyboard", !this.keyboard);
    this.show("sale");
  }

  toggleHand() {
    void this.#prefer("leftHand", !this.leftHand);
    this.dress();
  }

  /** Put the preferences of this machine on the page. */
  dress() {
    document.body.classList.toggle("p-left", this.leftHand);
  }
}

