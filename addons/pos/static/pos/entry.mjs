/** What happens to a code, wherever it came from: a reader, the search box, or the keyboard mode's line. */
import { splitTimes } from "./labels.mjs";
import { sound } from "./sounds.mjs";
import { t } from "./words.mjs";
import { money, quantity } from "./format.mjs";

const SHORT = 8;

/**
 * A reader spoke. Declines (false) what is too short to be a barcode where amounts are typed, and words typed
 * quickly; everything else is dealt with here, whatever the screen.
 */
export function scanned(till, text, before) {
  // The price check reads the code itself: nothing is sold.
  if (document.activeElement && "price" in document.activeElement.dataset) return false;
  const { times, code } = splitTimes(text);
  const found = till.catalog.find(code);
  if (code.length < SHORT && (!till.screen.sells || inOtherField())) return false;
  if (!found && !/\d/.test(code)) return false;
  if (!till.ready()) return true;
  const typedTimes = splitTimes(before);
  const multiplier = times ?? (typedTimes.code === "" ? typedTimes.times : null) ?? till.takeTimes();
  if (till.screen.name === "receipt") till.show("sale");
  sell(till, { code, found, multiplier });
  return true;
}

// Only fields made for codes take short ones; "12000" keyed quickly as an amount is an amount.
function inOtherField() {
  const field = document.activeElement;
  return Boolean(field?.matches("input, textarea")) && !("codes" in field.dataset);
}

/** Someone typed `text` and pressed Enter: a code, a quantity by a code, or nothing we know (false). */
export function keyed(till, text) {
  const { times, code } = splitTimes(text);
  const found = till.catalog.find(code);
  if (!found && !/^\d{6,}$/.test(code)) return false;
  if (till.ready()) sell(till, { code, found, multiplier: times ?? till.takeTimes() });
  return true;
}

/** A product was chosen by hand, `times` over if that was typed. */
export function chosen(till, product, times = null) {
  if (till.ready()) sell(till, { found: { product, quantity: null }, multiplier: times ?? till.takeTimes() });
}

function sell(till, { code, found, multiplier }) {
  if (!found) {
    sound("bad");
    till.notice("bad", t("Code {code} is not in the catalogue. Look for it by name (F2) or set it aside.", { code }));
    return;
  }
  const { product } = found;
  const amount = found.quantity ?? multiplier;
  if (product.weighable && amount === null) {
    till.weigh(product);
    return;
  }
  add(till, product, amount ?? "1");
}

/** Put `amount` of a product in the ticket, or say why not: at once, or when the server was asked what is left. */
export function add(till, product, amount) {
  const decimals = amount.split(".")[1]?.replace(/0+$/, "").length ?? 0;
  const measured = product.weighable || decimals <= (product.decimals ?? 0);
  if (!measured || !/[1-9]/.test(amount)) {
    sound("bad");
    till.notice("bad", t("{name} is sold in whole units.", { name: product.name }));
    return;
  }
  till.stock.admit(product, amount, (admitted) => put(till, product, admitted));
}

function put(till, product, amount) {
  till.clearNotice();
  if (!till.cart.add(product, amount)) {
    sound("bad");
    till.notice("bad", t("{name} has a price that does not cover its taxes. Correct it in the catalogue.", { name: product.name }));
    return;
  }
  sound("ok");
  till.say(`${quantity(amount)} × ${product.name} · ${money(product.price)}`);
}
