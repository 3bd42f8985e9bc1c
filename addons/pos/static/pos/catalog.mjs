/**
 * The products of the till, in memory: one Map per way of finding them, so that a scan asks nobody.
 * Pages come from the server, are kept on this machine as JSON texts, and are usable as soon as they land.
 */
import { matches, words } from "/static/js/folding.mjs";
import { readLabel } from "./labels.mjs";
import { plain, ratio, steps } from "./money.mjs";

export class Catalog {
  /** `frequent` are the ids of what sells most, in that order; `categories` those of the categories, in theirs. */
  constructor({ store, api, till, rules, frequent = [], categories = [] }) {
    Object.assign(this, { store, api, till, rules, frequent, categories });
    this.onchange = () => {};
    this.#empty();
  }

  #empty() {
    this.products = [];
    this.byId = new Map();
    this.byCode = new Map();
    this.byPlu = new Map();
    this.folded = [];
    this.led = null;
  }

  #add(products) {
    this.led = null;
    for (const product of products) {
      this.products.push(product);
      this.byId.set(product.id, product);
      this.folded.push(words(`${product.name} ${product.code ?? ""}`));
      if (product.plu) this.byPlu.set(String(Number(product.plu)), product);
      if (product.code) this.byCode.set(product.code, product);
      for (const barcode of product.barcodes ?? []) this.byCode.set(barcode, product);
    }
    this.onchange();
  }

  /** Show what this machine already holds; tells which version that is, or null. */
  async restore() {
    const pages = await this.store.all("catalog");
    for (const page of pages) this.#add(JSON.parse(page.products));
    return this.store.meta("catalog_version");
  }

  /**
   * Bring version `version` page by page. While an older catalogue is on screen it stays until the new one
   * is whole; with none yet, every page is sold from as it arrives.
   */
  async download(version) {
    const fresh = [];
    const live = this.products.length === 0;
    let after = null;
    do {
      const cursor = after === null ? "" : `?after=${encodeURIComponent(after)}`;
      const page = await this.api.get(`tills/${this.till}/catalog${cursor}`);
      fresh.push(page.products);
      if (live) this.#add(page.products);
      after = page.next;
    } while (after !== null);
    if (!live) this.#replace(fresh);
    await this.store.write(["catalog", "meta"], ({ catalog, meta }) => {
      catalog.clear();
      fresh.forEach((products, page) => catalog.put({ page, products: JSON.stringify(products) }));
      meta.put({ key: "catalog_version", value: version });
    });
  }

  #replace(pages) {
    const { onchange } = this;
    this.onchange = () => {};
    this.#empty();
    for (const products of pages) this.#add(products);
    this.onchange = onchange;
    this.onchange();
  }

  /**
   * What a code stands for: `{product, quantity}` with the quantity as text (null: the cashier's), or null.
   * A barcode of the catalogue wins over a scale label that looks the same; the PLU comes last.
   */
  find(code) {
    const product = this.byCode.get(code);
    if (product) return { product, quantity: product.packs?.[code] ?? null };
    const label = readLabel(code, this.rules);
    if (label) return this.#weighed(label);
    const keyed = /^\d{1,5}$/.test(code) ? this.byPlu.get(String(Number(code))) : undefined;
    return keyed ? { product: keyed, quantity: null } : null;
  }

  #weighed(label) {
    const product = this.byPlu.get(label.plu) ?? this.byCode.get(label.stem);
    if (!product) return null;
    if (label.weight) return { product, quantity: label.weight };
    const price = steps(product.price);
    return price > 0n ? { product, quantity: plain(ratio(steps(label.price), price)) } : null;
  }

  /** The first `limit` products with a word for every one asked, accents and capitals aside; and how many there are. */
  search(text, limit = 60) {
    const asked = words(text);
    const found = [];
    let count = 0;
    for (let at = 0; at < this.folded.length; at += 1) {
      if (!matches(asked, this.folded[at])) continue;
      count += 1;
      if (found.length < limit) found.push(this.products[at]);
    }
    return { found, count };
  }

  /** The first `limit` products of a category; null is every product: what sells most, then one of each category in turn. */
  shelf(category, limit = 60) {
    if (category === null) this.led ??= this.#lead();
    const all = category === null ? this.led : this.products.filter((one) => one.category_id === category);
    return { found: all.slice(0, limit), count: all.length };
  }

  #lead() {
    const first = this.frequent.map((id) => this.byId.get(id)).filter(Boolean);
    const taken = new Set(first);
    const shelves = new Map(this.categories.map((id) => [id, []]));
    for (const product of this.products) {
      if (taken.has(product)) continue;
      if (!shelves.has(product.category_id)) shelves.set(product.category_id, []);
      shelves.get(product.category_id).push(product);
    }
    const rest = [...shelves.values()];
    const deepest = rest.reduce((most, shelf) => Math.max(most, shelf.length), 0);
    for (let at = 0; at < deepest; at += 1) for (const shelf of rest) if (at < shelf.length) first.push(shelf[at]);
    return first;
  }

  /** Take what was just sold off what is left, until the server's next word on it. */
  sold(lines) {
    this.#move(lines, -1n);
  }

  /** What was not sold after all is there again. */
  unsold(lines) {
    this.#move(lines, 1n);
  }

  #move(lines, sign) {
    for (const { product_id: id, quantity } of lines) {
      const product = this.byId.get(id);
      if (product?.stock) product.stock = plain(steps(product.stock) + sign * steps(quantity));
    }
  }

  weighables() {
    return this.products.filter((product) => product.weighable);
  }
}
