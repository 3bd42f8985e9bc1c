/** The right side of the closing: the difference in words, what each method should have, why, and the deed. */
import { el, icon } from "../dom.mjs";
import { money } from "../format.mjs";
import { steps } from "../money.mjs";
import { t } from "../words.mjs";

export function comparison(screen) {
  const closed = screen.step === "closed";
  const difference = screen.total - screen.expected;
  return [
    verdict(difference, closed),
    methods(screen, difference),
    el("div.g-pad.g-grow.g-col.gap-3", {}, composition(screen.summary), difference !== 0n && !closed && why(screen), waitingNote(screen.till)),
    el("div.g-pad.g-row", {}, closed ? reopen(screen) : deed(screen)),
  ];
}

function verdict(difference, closed) {
  const size = difference < 0n ? -difference : difference;
  const [tone, name, words] = difference === 0n ? ["is-ok", "circle-check", t("The cash adds up")]
    : ["is-warn", "alert-triangle", difference < 0n ? t("Cash is missing") : t("There is cash too much")];
  const below = closed ? t("The till is closed and the difference is recorded.") : t("It is recorded with your reason. You can close.");
  return el("div.g-pad.p-diff", { class: tone === "is-ok" ? "p-even" : "", role: "status" },
    el("span.g-row.fs-3", { class: tone }, icon(closed ? "lock" : name), el("b", {}, words)),
    el("span.p-huge.p-h72", {}, money(size)), el("span.g-2nd", {}, below));
}

function methods({ summary, total }, difference) {
  const others = (summary.by_method ?? []).filter((one) => one.method !== "cash");
  const tone = difference === 0n ? ["is-ok", "check"] : ["is-warn", "alert-triangle"];
  const heads = [t("Method"), t("Expected"), t("Counted"), t("Difference")];
  const cash = el("tr", {}, el("td", {}, el("b", {}, t("Cash"))), cell(money(summary.expected)), cell(money(total)),
    el("td.g-num", { class: tone[0] }, icon(tone[1]), " ", el("b", {}, money(difference))));
  return el("table.g-table.tight", {}, el("caption.visually-hidden", {}, t("Expected and counted by method")),
    el("thead", {}, el("tr", {}, heads.map((text, at) => el(`th${at ? ".g-num" : ""}`, { scope: "col" }, text)))),
    el("tbody", {}, cash, others.map((one) => el("tr", {}, el("td", {}, el("b", {}, one.title)), cell(money(one.expected)), cell("—"), cell("—")))));
}

const cell = (text) => el("td.g-num", {}, text);

function composition(summary) {
  const parts = [["float", t("Cash float")], ["cash_sales", t("Sales in cash")], ["movements_in", t("Cash in")], ["movements_out", t("Cash out")]];
  const known = parts.filter(([name]) => summary[name] !== undefined && summary[name] !== null);
  if (!known.length) return null;
  const value = (name) => (name === "movements_out" ? -steps(summary[name].replace(/^-/, "")) : steps(summary[name]));
  return el("dl.g-sum", {}, known.map(([name, words]) => [el("dt", {}, words), el("dd.g-num", {}, money(value(name)))]));
}

function why(screen) {
  const field = el("input.form-control", { id: "why", "data-focus": "why", maxlength: "200", value: screen.note, oninput: () => { screen.note = field.value; } });
  return el("div", {}, el("label.g-label", { for: "why" }, t("Why the difference?")), field);
}

/** Sales the server has not taken yet are not in what it expects: say so. */
export function waitingNote({ queue }) {
  const waiting = queue.waiting.length + queue.review.length;
  if (!waiting) return null;
  const total = [...queue.waiting, ...queue.review].reduce((sum, row) => sum + steps(row.shown.total), 0n);
  return el("div.g-note.is-warn", {}, icon("cloud-upload", "is-warn"),
    el("div", {}, t("Tickets the server has not taken yet: {n}, for {total}. What is expected does not count them.", { n: waiting, total: money(total) })));
}

function deed(screen) {
  const waiting = screen.till.queue.waiting.length;
  const words = waiting ? t("CLOSE WITH {n} TO SEND", { n: waiting }) : t("CLOSE TILL");
  return [
    el("button.p-ghost.p-sm.px-4", { onclick: () => screen.again() }, icon("arrow-left"), ` ${t("Count again")}`),
    el("button.p-pay.g-grow", { "data-focus": "close", disabled: screen.busy, onclick: () => screen.close() }, el("span", {}, words), icon("lock")),
  ];
}

function reopen({ till }) {
  return el("button.p-ghost.p-sm.g-grow", { onclick: () => till.show("open") }, icon("lock-open"), ` ${t("Open another drawer")}`);
}
