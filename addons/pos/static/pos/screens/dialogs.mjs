/** The dialogs beside the sale: more options, customers, tickets on hold, cash in and out, reprints. */
import { dialog, el, icon, swap } from "../dom.mjs";
import { age, hour, money, typed } from "../format.mjs";
import { keyOf } from "../keymap.mjs";
import { ticketAmounts } from "../amounts.mjs";
import { t } from "../words.mjs";

const frame = (title, body, footer = null) => dialog({ title, body, footer, closeLabel: t("Close this window") });

/** Everything that is not selling, each with its key. */
export function openMore(till) {
  const option = (name, words, deed, key = null) => el("button.p-m", { onclick: () => { box.close(); deed(); } },
    icon(name), el("span", {}, words), key && el("kbd", {}, key));
  const box = frame(t("More options"), el("div.p-methods", {},
    option("trash", t("Remove the line in hand"), () => till.cart.line && till.cart.remove(), t("Del")),
    option("inbox", t("Cash in or out"), () => openMovement(till), keyOf("drawer")),
    option("receipt", t("Latest tickets, copies"), () => openRecent(till)),
    innerWidth >= 768 && option(till.keyboard ? "layout-grid" : "keyboard", till.keyboard ? t("Touch screen") : t("Keyboard mode"), () => till.toggleMode(), keyOf("mode")),
    option("arrows-exchange", t("Change hands"), () => till.toggleHand()),
    option("lock", t("Close the till"), () => till.show("close"))));
}

/** Put cash in or take it out, with the reason. */
export function openMovement(till) {
  const kind = { value: "out" };
  const amount = el("input.form-control", { id: "move-amount", inputmode: "numeric", autocomplete: "off", autofocus: true });
  const reason = el("input.form-control", { id: "move-reason", maxlength: "120", autocomplete: "off" });
  const error = el("p.g-err", { role: "alert", hidden: true });
  const sides = el("div.p-two", { role: "group", "aria-label": t("Direction") });
  const draw = () => swap(sides, [["out", t("Cash out")], ["in", t("Cash in")]].map(([value, words]) => el("button.p-ghost.p-sm", {
    "data-focus": value, "aria-pressed": String(kind.value === value), onclick: () => { kind.value = value; draw(); },
  }, words)));
  const refuse = (words) => { error.hidden = false; swap(error, icon("alert-circle"), document.createTextNode(words)); };
  const record = async () => {
    const value = typed(amount.value.replace(/[.$\s]/g, ""));
    if (!value || !/[1-9]/.test(value)) return refuse(t("Write how much."));
    if (!reason.value.trim()) return refuse(t("Write the reason: it goes into the closing."));
    const done = await till.attempt(() => till.drawer.move(till.boot.session, { kind: kind.value, amount: value, reason: reason.value.trim() }), refuse);
    if (!done) return undefined;
    box.close();
    return till.notice("ok", t("{amount} recorded.", { amount: money(value) }));
  };
  draw();
  const box = frame(t("Cash in or out"), el("div.g-col.gap-3", {}, sides,
    el("div", {}, el("label.g-label", { for: "move-amount" }, t("How much")), amount),
    el("div", {}, el("label.g-label", { for: "move-reason" }, t("Reason")), reason), error),
  [el("button.btn.g-touch", { onclick: () => box.close() }, t("Cancel")), el("button.btn.btn-primary.g-touch", { onclick: record }, t("Record movement"))]);
}

/** Look a customer up on the server. */
export function openCustomers(till) {
  const list = el("div.p-methods.p-results", { role: "group", "aria-label": t("Customers") });
  const choose = (customer) => { till.cart.setCustomer(customer); box.close(); };
  const row = (customer) => el("button.p-m", { onclick: () => choose(customer) }, icon("user-circle"),
    el("span", {}, customer.name, el("br"), el("span.g-3rd", {}, customer.identification)));
  const none = el("button.p-m", { onclick: () => choose(null) }, icon("users"), el("span", {}, t("Final consumer")));
  const field = el("input.form-control", { type: "search", id: "customer-q", autofocus: true, autocomplete: "off", oninput: () => later() });
  let timer = 0;
  const later = () => { clearTimeout(timer); timer = setTimeout(look, 250); };
  const look = async () => {
    const text = field.value.trim();
    if (text.length < 2) return swap(list, none);
    const problem = (words) => swap(list, el("p.g-note.is-warn", {}, icon("alert-triangle", "is-warn"), words), none);
    return till.attempt(async () => {
      const found = await till.api.get(`customers?q=${encodeURIComponent(text)}`);
      const people = found.customers ?? found;
      swap(list, people.map(row), none, !people.length && el("p.g-2nd", {}, t("Nobody with that name or number.")));
    }, problem);
  };
  swap(list, none);
  const box = frame(t("Customer"), el("div.g-col.gap-3", {}, el("div", {},
    el("label.g-label", { for: "customer-q" }, t("Name or identification")), field), list));
}

/** Tickets on hold; taking one puts the open one in its place. */
export function openHeld(till) {
  const rows = till.drafts.held.map((draft) => {
    const units = draft.lines.map((line) => line.name).slice(0, 3).join(", ");
    const since = age(till.now() - new Date(draft.held_at));
    return el("button.p-m", { onclick: () => { box.close(); void till.resume(draft.uuid); } }, icon("history"),
      el("span.g-grow.g-cut", {}, draft.customer?.name ?? units, el("br"), el("span.g-3rd", {}, t("Lines: {n} · {age} ago", { n: draft.lines.length, age: since }))),
      el("b.g-num", {}, money(ticketAmounts(draft).total)));
  });
  rows[0]?.setAttribute("autofocus", "");
  const box = frame(t("On hold"), rows.length ? el("div.p-methods", {}, rows) : el("p.g-2nd", {}, t("No ticket is on hold.")));
}

/** The latest sales of this machine, for copies. */
export async function openRecent(till) {
  const rows = await till.queue.recent();
  const { zone } = till.boot.establishment;
  const body = rows.length ? el("div.p-methods", {}, rows.map((row) => el("button.p-m", {
    onclick: () => { box.close(); till.show("receipt", { row, again: true }); },
  }, icon(row.state === "stored" ? "receipt" : "cloud-upload"),
  el("span.g-grow", {}, row.answer?.full_number ?? t("To be sent"), el("br"), el("span.g-3rd", {}, hour(row.shown.closed_at, zone))),
  el("b.g-num", {}, money(row.shown.total))))) : el("p.g-2nd", {}, t("Nothing sold on this machine yet."));
  const box = frame(t("Latest tickets"), body);
}

/** What does it cost? Nothing is sold. */
export function openPrice(till) {
  const answer = el("div.p-change", { role: "status" });
  const show = () => {
    const text = field.value.trim();
    const product = text ? till.catalog.find(text)?.product ?? till.catalog.search(text, 1).found[0] : null;
    swap(answer, product ? [el("span", {}, product.name), el("span.p-huge.p-h72", {}, money(product.price) + (product.weighable ? `/${product.unit}` : ""))] : []);
  };
  const field = el("input.form-control", { id: "price-q", "data-price": true, autofocus: true, autocomplete: "off", oninput: show });
  frame(t("Price check"), el("div.g-col.gap-3", {}, el("div", {}, el("label.g-label", { for: "price-q" }, t("Code or name")), field), answer));
}
