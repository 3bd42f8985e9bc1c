/** Money of a ticket by the one tax rule the server uses too: the till never adds prices its own way. */
import { basketAmounts } from "/static/taxes/rules.mjs";
import { steps } from "./money.mjs";

const NOTHING = { total: 0n, tax: 0n, discount: 0n, lines: [], groups: [] };

/**
 * Amounts of `ticket` in millionths: `total`, `tax`, `discount`, `lines[i]` (what each line costs the
 * customer, taxes in), and `groups` as the rule gives them. An empty ticket is worth nothing.
 */
export function ticketAmounts(ticket) {
  if (!ticket.lines.length) return NOTHING;
  const basket = basketAmounts(ticket.lines.map(asRuleLine), ticket.document_discount);
  return {
    total: steps(basket.total),
    tax: steps(basket.taxes_total),
    discount: ticket.lines.reduce((sum, line) => sum + steps(line.discount), steps(ticket.document_discount)),
    lines: basket.lines.map((line) => steps(line.total)),
    groups: basket.groups,
  };
}

function asRuleLine(line) {
  return {
    quantity: line.quantity,
    unit_price: line.unit_price,
    discount: line.discount,
    price_includes_tax: line.price_includes_tax,
    taxes: line.taxes,
  };
}
