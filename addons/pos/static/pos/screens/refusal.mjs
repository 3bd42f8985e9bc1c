/** A sale that the server refused while the customer is still there: why, what to give back, and what now. */
import { el, icon } from "../dom.mjs";
import { money } from "../format.mjs";
import { plain, steps } from "../money.mjs";
import { t } from "../words.mjs";

/** The panel of a refused row; `printed`: its paper went out before the server spoke. */
export function refusalPanel(row, { printed, onCorrect, onLeave }) {
  return [
    el("div.g-pad.p-refusal.g-grow", { role: "alert" },
      el("h1", {}, icon("alert-circle", "is-bad"), t("The sale was not made")),
      el("p.fs-3", {}, row.error?.message || t("The server did not take it.")),
      giveBack(row.shown),
      printed && el("p.g-note.is-warn", {}, icon("alert-triangle", "is-warn"), t("Take back the paper that was printed."))),
    el("div.g-pad.p-next", {},
      choice("correct", "arrow-back-up", t("Correct the sale"), "1", onCorrect),
      choice("leave", "clock", t("Leave it to review"), "2", onLeave)),
  ];
}

function choice(focus, name, words, key, onclick) {
  return el("button.p-ghost.g-grow.p-choice", { "data-focus": focus, onclick }, icon(name), el("span", {}, words), el("kbd.g-kbd", {}, key));
}

// Whether the change has been handed over nobody knows: both amounts are said.
function giveBack({ payments, change }) {
  const taken = payments.reduce((sum, { tendered }) => sum + steps(tendered), 0n);
  const back = steps(change);
  return el("div.p-change", {},
    el("span", {}, icon("cash"), t("Give back")), el("span.p-huge", {}, money(taken)),
    payments.map(({ title, tendered, cash }) => el("span.g-2nd", {}, `${title} ${money(tendered)}`, !cash && ` · ${t("Cancel it where it was paid.")}`)),
    back > 0n && el("b.fs-3", {}, t("If you already gave the change of {change}, give back {rest}.", { change: money(change), rest: money(plain(taken - back)) })));
}
