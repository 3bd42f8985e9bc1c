/** A paid ticket as the server takes it, and as this machine needs it to print without the server. */
import { plain } from "./money.mjs";
import { articles } from "./screens/ticket.mjs";

/** The document of a sale: decimals as text, keys minted here, nothing the server does not ask for. */
export function saleDocument({ ticket, session, payments, total, closed }) {
  return {
    kind: "sale",
    session_id: session.id,
    opened_at: ticket.opened_at,
    closed_at: closed,
    customer_id: ticket.customer?.id ?? null,
    document_discount: ticket.document_discount,
    lines: ticket.lines.map(({ id, product_id, quantity, unit_price, discount }) => ({ id, product_id, quantity, unit_price, discount })),
    payments,
    total: plain(total),
  };
}

/** What the paper shows: names and amounts as they were when the sale was made. */
export function saleShown(till, { payments, change, closed }) {
  const { cart, boot } = till;
  const { ticket, amounts } = cart;
  const titles = new Map(boot.methods.map((method) => [method.code, method.title]));
  return {
    closed_at: closed,
    cashier: boot.cashier.name,
    customer: ticket.customer,
    articles: articles(cart),
    total: plain(amounts.total),
    change: plain(change),
    groups: amounts.groups,
    lines: ticket.lines.map((line, at) => ({
      name: line.name, quantity: line.quantity, unit: line.unit, unit_price: line.unit_price, discount: line.discount,
      weighable: line.weighable, taxes: line.taxes, total: plain(amounts.lines[at]),
    })),
    payments: payments.map(({ method, tendered, reference }) => ({ title: titles.get(method), cash: method === "cash", tendered, reference })),
  };
}
