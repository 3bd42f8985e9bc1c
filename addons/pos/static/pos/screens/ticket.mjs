/** The ticket on the left: who buys, the lines with the newest below, the total. */
import { el, icon, swap } from "../dom.mjs";
import { money, quantity } from "../format.mjs";
import { steps } from "../money.mjs";
import { shortMark } from "../stock.mjs";
import { t } from "../words.mjs";

export function ticketPanel(till, { onMore, onPad = null, padOpen = () => true }) {
  const who = el("div.p-who");
  const lines = el("ul.p-lines", { tabindex: "0", "aria-label": t("Lines") });
  const total = el("div.p-tot");
  const update = () => {
    swap(who, whoRow(till, { onMore, onPad, padOpen }));
    const short = till.stock.short();
    swap(lines, till.cart.ticket.lines.map((line, at) => lineRow(till, line, at, short.get(line.product_id))), emptyRow(till));
    swap(total, totals(till));
    lines.querySelector(".on")?.scrollIntoView({ block: "nearest" });
  };
  return { node: el("div.p-tick", {}, who, lines, total), update };
}

function whoRow(till, { onMore, onPad, padOpen }) {
  const act = (focus, name, label, onclick, extra = {}, words = null) =>
    el("button.p-act", { "data-focus": focus, "aria-label": label, onclick, ...extra }, icon(name), words && el("span", {}, words));
  return [
    el("button.p-act.p-customer", { "data-focus": "customer", onclick: () => till.customers() },
      icon("user-circle"), el("span.g-cut", {}, till.cart.ticket.customer?.name ?? t("Final consumer"))),
    el("span.g-grow"),
    act("hold", "player-pause", t("Put on hold (F6)"), () => till.hold(), {}, t("Put on hold")),
    onPad && act("pad", "calculator", t("Keypad"), onPad, { "aria-pressed": String(padOpen()), class: "p-padkey" }),
    act("more", "dots", t("More options"), onMore),
  ];
}

function emptyRow(till) {
  if (!till.cart.empty) return null;
  return el("li.p-none", {}, icon("barcode"), el("span", {}, t("Read a code or touch a product.")));
}

function lineRow(till, line, at, left) {
  const { cart } = till;
  const on = at === cart.selected;
  const gross = money(cart.amounts.lines[at]);
  const words = el("span.n", {}, line.name, el("small", {}, detail(line)), left !== undefined && shortMark(left, line.unit));
  const value = el("span.v.g-num", {}, gross);
  if (on) return el("li.on", { "aria-current": "true" }, stepper(till, line), words, value);
  return el("li", { onclick: () => cart.select(at) },
    el("button.p-line", { "data-focus": `line-${line.id}`, "aria-label": t("Choose {name}", { name: line.name }) },
      el("span.q", {}, quantity(line.quantity))),
    words, value);
}

/** `3 × $ 4.600`, `0,750 kg × $ 9.800/kg`, and what was taken off. */
export function detail(line) {
  const amount = line.weighable ? quantity(line.quantity, line.unit, 3) : quantity(line.quantity);
  const price = money(line.unit_price) + (line.weighable ? `/${line.unit}` : "");
  const off = steps(line.discount) > 0n ? ` · ${t("discount")} ${money(line.discount)}` : "";
  return `${amount} × ${price}${off}`;
}

// At one, the minus becomes the way out: far from PAGAR and only for the line in hand.
function stepper(till, line) {
  const { cart } = till;
  const last = line.weighable || steps(line.quantity) <= 1_000_000n;
  return el("div.p-step", {},
    el("button", {
      "data-focus": "less", onclick: () => (last ? cart.remove() : cart.step(-1)),
      "aria-label": last ? t("Remove {name}", { name: line.name }) : t("One less"),
    }, icon(last ? "x" : "minus")),
    el("span", {}, quantity(line.quantity)),
    el("button", {
      "data-focus": "plus", onclick: () => till.raise(), "aria-label": t("One more"), disabled: line.weighable,
    }, icon("plus")));
}

function totals(till) {
  const { amounts } = till.cart;
  return [
    el("div.g-col.gap-0", {},
      el("span.g-2nd.fs-4", {}, `${t("Total")}${till.cart.empty ? "" : ` · ${articles(till.cart)}`}`),
      el("span.g-3rd", {}, t("Taxes included {amount}", { amount: money(amounts.tax) }))),
    el("span.p-total.g-num", {}, money(amounts.total)),
  ];
}

/** `9 un y 0,750 kg`. */
export function articles(cart) {
  const units = cart.units().map(([unit, count]) => quantity(count, unit, unit === "kg" ? 3 : null));
  return units.join(` ${t("and")} `);
}
