/** The 80 mm ticket, from what the server answered; without an answer yet it says so and carries no number. */
import { el, svgElement } from "../dom.mjs";
import { figure, legalMoment, money, quantity } from "../format.mjs";
import { steps } from "../money.mjs";
import { t } from "../words.mjs";

const rule = () => el("hr");
const row = (left, right, shape = "") => el("tr", {}, el(`td${shape}`, {}, left), el(`td.g-num${shape}`, {}, right));
const table = (...rows) => el("table", {}, el("tbody", {}, rows));
const small = (...children) => el("p.sm", {}, children);

/** The paper of an outbox row; `copy` marks a reprint. */
export function paper(till, row_, { copy = false } = {}) {
  const { boot } = till;
  const answer = row_.answer;
  return el("article.t-80", { "aria-label": t("Ticket") },
    copy && el("p.c.big", {}, t("COPY")),
    heading(boot, answer), rule(), title(answer, boot), facts(till, row_), rule(),
    lines(row_, answer), rule(), totals(row_, answer), rule(), payments(row_), rule(),
    answer ? legal(boot, answer) : small(t("This sale is kept and will be sent when the connection is back. Ask for the electronic document later with this reference: {uuid}", { uuid: row_.uuid })),
    boot.business.is_demo && el("p.c", {}, el("b", {}, t("DEMONSTRATION: NOT VALID"))),
    boot.settings.ticket_footer && small(boot.settings.ticket_footer),
    rule(), el("div.c", {}, el("b", {}, t("Thank you for your purchase"))));
}

function heading({ business, establishment }, _answer) {
  const tidy = [business.identification, establishment.address || business.address, business.city,
    business.phone && t("Tel. {phone}", { phone: business.phone }), business.tax_note];
  return el("div.c", {}, el("h2", {}, business.name.toUpperCase()),
    tidy.filter(Boolean).map((text) => el("div", {}, text)));
}

function title(answer, boot) {
  if (!answer) return el("div.c", {}, el("b", {}, t("PROVISIONAL RECEIPT, NOT AN INVOICE")), el("br"), el("b.big", {}, t("To be sent")));
  return el("div.c", {}, el("b", {}, (answer.document_title ?? boot.document.title ?? "").toUpperCase()), el("br"),
    el("b.big", {}, answer.full_number),
    boot.document.mode === "contingency" && el("div", {}, el("b", {}, t("ISSUED IN CONTINGENCY"))));
}

function facts(till, { answer, shown }) {
  const { establishment } = till.boot;
  return table(
    row(t("Issued at"), legalMoment(answer?.issued_at ?? shown.closed_at, establishment.zone)),
    row(t("Till"), till.page.tillName),
    row(t("Cashier"), shown.cashier),
    row(t("Customer"), shown.customer?.name ?? t("Final consumer")),
    row(t("Identification"), shown.customer?.identification ?? "222222222222"));
}

function lines({ shown }, answer) {
  const printed = answer?.lines ?? [];
  return table(shown.lines.flatMap((line, at) => {
    const mark = printed[at]?.mark ?? taxMark(line.taxes);
    const amount = line.weighable ? quantity(line.quantity, line.unit, 3) : quantity(line.quantity);
    const per = line.weighable ? `/${line.unit}` : "";
    const off = steps(line.discount) > 0n;
    return [
      el("tr", {}, el("td", { colspan: "2" }, el("b", {}, line.name))),
      row(`${amount} × ${figure(line.unit_price)}${per}`, `${figure(printed[at]?.total ?? line.total)} ${mark}`),
      off && row(`  ${t("discount")}`, `−${figure(line.discount)}`),
    ];
  }));
}

/** E: excluded or exempt; G: taxed. */
export function taxMark(taxes) {
  return taxes.some((tax) => tax.treatment === "taxed") ? "G" : "E";
}

function totals({ shown }, answer) {
  const groups = (answer?.groups ?? shown.groups).filter((group) => steps(group.amount) > 0n);
  const total = steps(answer?.total ?? shown.total);
  const taxed = groups.reduce((sum, group) => sum + steps(group.amount) + (group.kind === "per_unit" ? 0n : steps(group.base)), 0n);
  return table(
    row(t("Items"), shown.articles),
    total > taxed && row(`E ${t("Excluded and exempt")}`, figure(total - taxed, 2)),
    groups.flatMap((group) => [
      group.kind !== "per_unit" && row(`G ${t("Base")} ${taxTitle(group)}`, figure(group.base, 2)),
      row(`  ${taxTitle(group)}`, figure(group.amount, 2)),
    ]),
    row(t("TOTAL"), money(total), ".big"));
}

// DIAN's codes (annex 1.9, table 13.2.2), for the paper made before the server has answered.
function taxTitle({ title, code, kind, rate }) {
  const name = { "01": t("VAT"), "04": "INC" }[code] ?? t("Tax");
  return title ?? (kind === "per_unit" ? name : `${name} ${quantity(rate, "%")}`);
}

function payments({ shown }) {
  return table(
    shown.payments.map((one) => row(one.reference ? `${one.title}, ${t("ref.")} ${one.reference}` : one.title, figure(one.tendered))),
    row(el("b", {}, t("Change given")), el("b", {}, figure(shown.change))),
    row(t("Form of payment"), t("Paid at once")));
}

function legal({ document: fiscal, software = fiscal.software }, answer) {
  const { range } = fiscal;
  return el("div.p-legal", {},
    answer.qr_svg && el("div.c", {}, qr(answer.qr_svg)),
    answer.code && small(el("b", {}, "CUDE"), ` ${answer.code}`),
    answer.status === "pending" && answer.code && small(el("b", {}, t("Pending DIAN validation"))),
    range && small(t("DIAN numbering authorization {resolution}, prefix {prefix} from {from} to {to}, valid until {valid_until}.", range)),
    answer.code && small(t("Look this document up at catalogo-vpfe.dian.gov.co. If you need an electronic invoice, ask for it today with your identification.")),
    software && small(t("Software: {name}. Maker: {maker}.", software)));
}

/** The QR as one path over a white square, in modules: the server sends the path's `d`, and its size if it knows. */
function qr(drawing) {
  const path = typeof drawing === "string" ? drawing : drawing.path;
  const size = drawing.size ?? extent(path);
  const svg = svgElement("svg", {
    viewBox: `-4 -4 ${size + 8} ${size + 8}`, class: "t-qr", role: "img", "shape-rendering": "crispEdges",
    "aria-label": t("QR code to look the document up at DIAN"),
  });
  const strokes = /[hH]/.test(path) && !/[zZ]/.test(path);
  svg.append(svgElement("path", strokes ? { d: path, stroke: "#000", fill: "none" } : { d: path, fill: "#000" }));
  return svg;
}

// How far right a path of horizontal runs reaches: the modules on a side.
function extent(path) {
  let x = 0;
  let widest = 0;
  for (const [, command, first] of path.matchAll(/([MmHhLl])\s*(-?[\d.]+)/g)) {
    x = command === command.toUpperCase() ? Number(first) : x + Number(first);
    widest = Math.max(widest, x);
  }
  return Math.ceil(widest);
}
