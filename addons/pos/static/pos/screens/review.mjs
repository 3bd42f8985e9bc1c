/** What waits to be sent, and what the server did not take and a person must look at. */
import { dialog, el, icon, swap } from "../dom.mjs";
import { age, hour, money } from "../format.mjs";
import { t } from "../words.mjs";

export function openReview(till) {
  const body = el("div.g-col.gap-3");
  const draw = () => swap(body, status(till), till.queue.review.map((row) => refused(till, row)), till.queue.waiting.map((row) => waiting(till, row)));
  const stop = till.queue.listen(draw);
  draw();
  const box = dialog({
    title: t("Sending"), body, closeLabel: t("Close this window"),
    footer: [el("button.btn.g-touch", { onclick: () => till.queue.kick() }, icon("refresh"), t("Send now"))],
  });
  box.addEventListener("close", stop);
}

function status({ queue, online, now, readOnly }) {
  if (readOnly) return el("p.g-2nd", {}, t("Another tab of this till sends."));
  const count = queue.waiting.length;
  if (!count && !queue.review.length) return el("p.g-note.is-ok", {}, icon("circle-check", "is-ok"), t("Every sale of this till is on the server."));
  const reach = queue.reachable && online ? t("The server answers.") : t("No connection. Go on selling: it is sent by itself when it is back.");
  const words = count ? `${t("{n} to send", { n: count })} · ${age(now().getTime() - queue.since)}. ${reach}` : reach;
  return el("p.g-note.is-warn", {}, icon("cloud-upload", "is-warn"), words);
}

function refused(till, row) {
  return el("div.g-note.is-bad", {}, icon("alert-circle", "is-bad"),
    el("div.g-col.gap-2.g-grow", {},
      el("b", {}, `${money(row.shown.total)} · ${hour(row.shown.closed_at, till.boot.establishment.zone)}`),
      el("span", {}, row.error?.message || t("The server did not take it.")),
      el("span.g-3rd", {}, t("The sale is safe here and holds up nobody. Show it to whoever is in charge."), el("br"), el("span.g-mono", {}, row.uuid))),
    el("button.btn.g-touch", { onclick: () => till.queue.again(row.uuid) }, t("Send again")));
}

function waiting(till, row) {
  return el("div.g-row", {}, icon("cloud-upload"), el("span.g-grow", {}, hour(row.shown.closed_at, till.boot.establishment.zone)),
    el("b.g-num", {}, money(row.shown.total)));
}
