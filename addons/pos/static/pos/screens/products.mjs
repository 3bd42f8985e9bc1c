/** The right side of the sale: search, categories and tiles. Tiles come sixty at a time, however many there are. */
import { el, icon, swap } from "../dom.mjs";
import { chosen, keyed } from "../entry.mjs";
import { money, quantity } from "../format.mjs";
import { keyOf } from "../keymap.mjs";
import { steps } from "../money.mjs";
import { t } from "../words.mjs";

const PAGE = 60;
const LOW = 5_000_000n;

export class Products {
  constructor(till) {
    this.till = till;
    this.category = null;
    this.limit = PAGE;
    this.tiles = new Map();
    this.search = el("input.form-control", {
      type: "search", "aria-label": t("Search or read a code"), placeholder: t("Search or read a code"),
      autocomplete: "off", "data-codes": true, enterkeyhint: "search",
      oninput: () => this.#later(), onkeydown: (event) => event.key === "Enter" && this.#enter(),
    });
    this.held = el("button.btn.g-touch", { onclick: () => till.recall() });
    this.cats = el("div.p-cats", { role: "group", "aria-label": t("Categories"), onwheel: (event) => { this.cats.scrollLeft += event.deltaY; } });
    this.grid = el("div.p-grid", { tabindex: "0", role: "group", "aria-label": t("Products") });
    this.status = el("span.visually-hidden", { role: "status" });
    this.node = el("section.p-right", { "aria-label": t("Products") },
      el("div.g-row", {}, el("div.g-find.g-grow", {}, icon("search"), this.search, el("kbd.p-opt", {}, keyOf("search"))),
        el("button.btn.g-touch", { "aria-label": t("Weigh"), onclick: () => till.weigh(null) },
          icon("scale"), el("span.p-opt", {}, t("Weigh"))),
        this.held),
      this.cats, this.grid, this.status);
    this.refresh();
  }

  // One frame and a little: while a reader is typing into the box nothing is searched for.
  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.limit = PAGE; this.refresh(); }, 120);
  }

  #enter() {
    const text = this.search.value;
    if (!text.trim()) return;
    if (!keyed(this.till, text)) {
      const { found } = this.till.catalog.search(text, 1);
      if (!found.length) return;
      chosen(this.till, found[0]);
    }
    this.clear();
  }

  clear() {
    clearTimeout(this.timer);
    this.search.value = "";
    this.refresh();
  }

  focus() {
    this.search.focus();
    this.search.select();
  }

  /** Show the shelf or the findings again: the catalogue or the question changed. */
  refresh() {
    const { catalog, boot } = this.till;
    const text = this.search.value.trim();
    const { found, count } = text ? catalog.search(text, this.limit) : catalog.shelf(this.category, this.limit);
    swap(this.cats, [null, ...boot.categories].map((category) => this.#category(category, boot.categories)));
    this.tiles = new Map(found.map((product) => [product.id, this.#tile(product)]));
    swap(this.grid, ...[...this.tiles.values()].map((tile) => tile.node),
      count > found.length && el("button.p-prod.p-moretile", { onclick: () => this.#more() }, t("Show {n} more", { n: Math.min(PAGE, count - found.length) })),
      !count && this.#nothing(text));
    this.status.textContent = text ? t("Products: {n}", { n: count }) : "";
    this.update();
  }

  #more() {
    this.limit += PAGE;
    this.refresh();
  }

  #nothing(text) {
    const words = text ? t("Nothing called “{text}”. Try fewer letters.", { text }) : t("There are no products here yet.");
    return el("div.g-empty.p-nothing", {}, icon("package", "fs-1"), el("p", {}, words),
      text && el("button.btn.g-touch", { onclick: () => { this.clear(); this.focus(); } }, t("Show everything")));
  }

  #category(category) {
    const id = category?.id ?? null;
    return el("button.p-cat", {
      "data-focus": `cat-${id}`, "aria-pressed": String(id === this.category),
      onclick: () => { this.category = id; this.limit = PAGE; this.search.value = ""; this.refresh(); },
    }, icon(category?.icon || (category ? "tag" : "star")), category?.name ?? (this.till.boot.frequent?.length ? t("Best sellers") : t("Everything")));
  }

  #tile(product) {
    const badge = el("em", { hidden: true });
    const unit = product.weighable ? `/${product.unit}` : "";
    const node = el("button.p-prod", { "data-focus": product.id, onclick: () => chosen(this.till, product) },
      this.#picture(product), badge,
      el("span", {}, el("span.n.p-0.d-block", {}, product.name), el("b.v", {}, money(product.price) + unit), stock(product)));
    return { node, badge };
  }

  #picture(product) {
    if (product.picture) return el("img", { src: product.picture, alt: "", loading: "lazy" });
    const { categories } = this.till.boot;
    const at = categories.findIndex((category) => category.id === product.category_id);
    const tone = `c${(Math.max(0, at) % 6) + 1}`;
    return el(`span.p-pic.${tone}`, { "aria-hidden": "true" }, icon(categories[at]?.icon || "package"));
  }

  /** The ticket changed: badges and the number on hold. */
  update() {
    const counts = this.till.cart.counts();
    for (const [id, { badge }] of this.tiles) {
      const count = counts.get(id);
      badge.hidden = !count;
      if (count) swap(badge, document.createTextNode(quantity(count)), el("span.visually-hidden.p-0", {}, ` ${t("in the ticket")}`));
    }
    const held = this.till.drafts.held.length;
    swap(this.held, icon("history"), el("span", {}, String(held), el("span.p-opt", {}, ` ${t("on hold")}`)));
  }
}

function stock({ stock: left, unit }) {
  if (left === null || left === undefined) return null;
  const amount = steps(left);
  if (amount <= 0n) return el("small.low", {}, t("Sold out"));
  if (amount < LOW && unit === "un") return el("small.low", {}, t("{n} left", { n: quantity(amount) }));
  return el("small", {}, quantity(amount, unit));
}
