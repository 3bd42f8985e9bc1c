/** Money, quantities and times as people in Colombia write them; the same rules as core.i18n.formats. */
import { money as written, quantity as measured } from "/static/taxes/decimal.mjs";
import { exact } from "./money.mjs";

const NBSP = "\u00a0";

const cents = (amount, decimals) => decimals ?? (amount.normal().scale > 0 ? 2 : 0);

/** `$ 52.450`; cents only where there are some, or where `decimals` asks for them. */
export function money(value, decimals = null) {
  const amount = exact(value);
  return written(amount, cents(amount, decimals));
}

/** Money without the sign, as paper columns show it: `52.450`. */
export function figure(value, decimals = null) {
  const amount = exact(value);
  return measured(amount, "", cents(amount, decimals));
}

/** `0,750 kg` with `decimals`, `42,35 kg` without: trailing zeros drop. */
export function quantity(value, unit = "", decimals = null) {
  return measured(exact(value), unit, decimals);
}

/** What a key pad or a field holds ("12,5" or "12.5") as decimal text, or null if it is no figure. */
export function typed(text) {
  const tidy = text.trim().replace(",", ".");
  return /^\d{1,12}(\.\d{1,6})?$/.test(tidy) ? tidy : null;
}

/** `10:42`, in the zone of the establishment. */
export function clock(date, zone) {
  return new Intl.DateTimeFormat("es-CO", { timeZone: zone, hour: "numeric", minute: "2-digit", hour12: false }).format(date);
}

/** `6:02 a. m.`, in the zone of the establishment. */
export function hour(iso, zone) {
  const shown = new Intl.DateTimeFormat("es-CO", { timeZone: zone, hour: "numeric", minute: "2-digit", hour12: true });
  return shown.format(new Date(iso)).replaceAll("\u202f", NBSP);
}

/** `21/11/2026 10:43:07`: only on legal paper. */
export function legalMoment(iso, zone) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false,
  });
  return parts.format(new Date(iso)).replace(",", "");
}

/** `40 s`, `12 min`, `3 h`: how long something has been waiting. */
export function age(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds}${NBSP}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${NBSP}min`;
  return `${Math.floor(seconds / 3600)}${NBSP}h`;
}
