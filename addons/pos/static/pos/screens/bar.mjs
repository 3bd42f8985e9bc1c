/** The dark bar: till, what waits and since when, document mode, drawer, cashier, time. Colour never speaks alone. */
import { el, icon } from "../dom.mjs";
import { age, clock, hour } from "../format.mjs";
import { t } from "../words.mjs";
import { openReview } from "./review.mjs";

export function bar(till) {
  const chips = el("div.p-chips");
  const time = el("b");
  const place = el("span.p-opt.g-cut");
  const node = el(
    "header.p-bar.t-no", {},
    el("img", { src: till.page.mark, width: "28", height: "28", alt: "" }),
    el("b", {}, till.page.tillName), place, el("span.g-grow"), chips, time,
  );
  const shown = new Map();
  const update = () => {
    const { boot } = till;
    place.textContent = `· ${boot.establishment.name}`;
    time.textContent = clock(till.now(), boot.establishment.zone);
    const wanted = [till.readOnly && readOnlyChip(), queueChip(till), reviewChip(till), fiscalChip(boot), drawerChip(till),
      chip("cashier", "user-circle", boot.cashier.name.split(" ")[0])].filter(Boolean);
    for (const one of wanted) draw(shown, one);
    const nodes = wanted.map(({ key }) => shown.get(key).node);
    if (nodes.length !== chips.childElementCount || nodes.some((node, at) => node !== chips.children[at])) chips.replaceChildren(...nodes);
  };
  setInterval(update, 1000);
  return { node, update };
}

const chip = (key, name, text, { tone = "", extra = "", optional = false, onclick = null } = {}) =>
  ({ key, name, text, tone, extra, optional, onclick });

// The bar ticks every second: a chip is changed in place, or a finger on it would lose its click.
function draw(shown, { key, name, text, tone, extra, optional, onclick }) {
  let made = shown.get(key);
  if (made?.name !== name) {
    made = { name, words: el("span"), more: el("span.p-opt") };
    made.node = el(onclick ? "button" : "span", { onclick }, icon(name), made.words, made.more);
    shown.set(key, made);
  }
  made.node.className = `p-chip ${tone} ${optional ? "p-opt" : ""}`.trim();
  if (made.words.textContent !== text) made.words.textContent = text;
  if (made.more.textContent !== extra) made.more.textContent = extra;
}

const readOnlyChip = () => chip("reading", "lock", t("Read only"), { tone: "warn" });

// Amber, not red: one keeps selling.
function queueChip(till) {
  const { queue } = till;
  if (!queue) return null;
  const waiting = queue.waiting.length;
  const options = { onclick: () => openReview(till) };
  if (queue.refusal?.status === 401) return chip("queue", "alert-triangle", t("Sign in again to send"), { ...options, tone: "warn" });
  if (!waiting && queue.reachable && till.online) return chip("queue", "circle-check", t("All sent"), { ...options, optional: true });
  const words = waiting ? t("{n} to send", { n: waiting }) : t("No connection");
  const offline = waiting && !(queue.reachable && till.online) ? ` · ${t("no connection")}` : "";
  const since = queue.since ? `· ${age(till.now().getTime() - queue.since)}${offline}` : offline;
  return chip("queue", "cloud-upload", words, { ...options, tone: "warn", extra: since });
}

function reviewChip(till) {
  const count = till.queue?.review.length ?? 0;
  if (!count) return null;
  const words = t("{n} to review", { n: count });
  return chip("review", "alert-circle", words, { tone: "bad", onclick: () => openReview(till) });
}

function fiscalChip({ document: { mode } }) {
  if (mode === "contingency") return chip("fiscal", "alert-triangle", t("Contingency"), { tone: "warn" });
  if (mode === "none") return chip("fiscal", "file-invoice", t("No electronic document"), { optional: true });
  return chip("fiscal", "rosette-discount-check", t("DIAN normal"), { optional: true });
}

function drawerChip(till) {
  const { session, establishment } = till.boot;
  if (!session) return chip("drawer", "inbox", t("Drawer closed"), { optional: true });
  return chip("drawer", "inbox", t("Drawer open {hour}", { hour: hour(session.opened_at, establishment.zone) }), { optional: true });
}
