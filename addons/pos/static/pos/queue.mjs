/**
 * Paid sales on their way to the server. A sale is on this machine's disk before it is sent, is sent until the
 * server names it, and leaves only long after the server confirmed it. What the server refuses is set aside
 * for a person and holds up nobody.
 */
import { Refused, Unreachable } from "./api.mjs";
import { steps } from "./money.mjs";
import { done } from "./store.mjs";

const BATCH = 20;
const KEEP_DAYS = 30;

/** JSON with sorted keys and no blanks: the same text, and so the same hash, on every machine. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${pairs.join(",")}}`;
}

async function sha256(text) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Milliseconds before try number `failures + 1`: 1, 2, 4 … 60 s, and up to a quarter more by chance. */
export function backoff(failures, chance = Math.random()) {
  return Math.min(60_000, 1000 * 2 ** Math.max(0, failures - 1)) * (1 + chance / 4);
}

export class Queue {
  constructor({ store, api, till, now }) {
    Object.assign(this, { store, api, till, now });
    this.waiting = [];
    this.review = [];
    this.failures = 0;
    this.reachable = true;
    this.refusal = null;
    this.alone = false;
    this.listeners = new Set();
    this.round = null;
    addEventListener("online", () => this.kick());
  }

  /** Read what waits since before the page was loaded, drop what was confirmed or withdrawn a month ago, and start sending. */
  async start() {
    const old = this.now().getTime() - KEEP_DAYS * 86_400_000;
    await this.store.write(["outbox"], async ({ outbox }) => {
      for (const row of await done(outbox.getAll())) {
        if ((row.stored_at ?? row.withdrawn_at) < old) outbox.delete(row.uuid);
      }
    });
    await this.#reload();
    this.kick();
  }

  async #reload() {
    const rows = (await this.store.all("outbox")).filter((row) => row.state !== "stored");
    rows.sort((a, b) => a.seq - b.seq);
    this.waiting = rows.filter((row) => row.state === "waiting");
    this.review = rows.filter((row) => row.state === "review");
    this.#tell();
  }

  #tell(row = null) {
    for (const listener of this.listeners) listener(row);
  }

  listen(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Write a paid sale to disk: the sale, its place in the order and the end of its draft in one strict
   * transaction. Only when this resolves has the sale happened. The ticket is kept until the server took it.
   */
  async commit(ticket, doc, shown) {
    const { uuid } = ticket;
    const body = canonical(doc);
    const row = {
      uuid, ticket, body, shown, sha256: await sha256(body), state: "waiting", tries: 0,
      error: null, answer: null, created_at: this.now().getTime(),
    };
    await this.store.write(["outbox", "drafts", "meta"], async ({ outbox, drafts, meta }) => {
      const last = (await done(meta.get("seq")))?.value ?? 0;
      row.seq = last + 1;
      meta.put({ key: "seq", value: row.seq });
      outbox.add(row);
      drafts.delete(uuid);
    }, "strict");
    this.waiting.push(row);
    this.#tell(row);
    this.kick();
    return row;
  }

  /** Send now what waits; a round already under way takes it along. */
  kick() {
    clearTimeout(this.timer);
    this.round ??= navigator.locks
      .request(`pos-sync-${this.till}`, () => this.#send())
      .finally(() => { this.round = null; this.#later(); });
  }

  #later() {
    if (!this.waiting.length || this.api.stopped) return;
    const wait = this.failures ? backoff(this.failures) : 0;
    this.timer = setTimeout(() => this.kick(), wait);
  }

  async #send() {
    const batch = this.waiting.slice(0, this.alone ? 1 : BATCH);
    if (!batch.length || this.api.stopped) return;
    const items = batch.map(({ uuid, seq, sha256: hash, body }) => ({ uuid, seq, sha256: hash, doc: JSON.parse(body) }));
    try {
      const { results } = await this.api.post("sync", { register: this.till, items });
      const missing = await this.#record(batch, results);
      this.#reached(missing ? this.failures + 1 : 0);
    } catch (error) {
      await this.#failed(batch, error);
    }
    this.#tell();
  }

  #reached(failures) {
    this.failures = failures;
    this.reachable = true;
    this.refusal = null;
    this.alone = false;
  }

  /** Take down what the server said of each sale; answers how many it did not name. */
  async #record(batch, results) {
    const said = new Map(results.map((result) => [result.uuid, result]));
    const named = batch.filter((row) => said.has(row.uuid));
    for (const row of named) this.#judge(row, said.get(row.uuid));
    await this.#save(named);
    for (const row of named) this.#tell(row);
    return batch.length - named.length;
  }

  #judge(row, { status, answer, error }) {
    row.tries += 1;
    if (status === "stored" || status === "replayed") {
      Object.assign(row, { state: "stored", answer, error: null, ticket: null, stored_at: this.now().getTime() });
    } else {
      Object.assign(row, { state: "review", verdict: status, error: error ?? { code: status, message: status, fields: null } });
    }
  }

  async #save(rows) {
    await this.store.write(["outbox"], ({ outbox }) => rows.forEach((row) => outbox.put(row)), "strict");
    const settled = new Set(rows.filter((row) => row.state !== "waiting").map((row) => row.uuid));
    this.waiting = this.waiting.filter((row) => !settled.has(row.uuid));
    this.review.push(...rows.filter((row) => row.state === "review"));
  }

  async #failed(batch, error) {
    this.failures += 1;
    if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
    this.reachable = error instanceof Refused || error.status > 0;
    this.refusal = error instanceof Refused ? error : null;
    // 401, 403, 409 and 429 are about the session or the moment, not about a sale.
    if (!(error instanceof Refused) || ![400, 413, 422].includes(error.status)) return;
    if (batch.length > 1) {
      this.alone = true;
      this.failures = 0;
      return;
    }
    this.#judge(batch[0], { status: "rejected", error: { code: error.code, message: error.message, fields: error.fields } });
    await this.#save(batch);
    this.#tell(batch[0]);
    this.#reached(0);
  }

  /** Send again, as it was, a sale that was set aside. */
  async again(uuid) {
    const row = this.review.find((one) => one.uuid === uuid);
    row.state = "waiting";
    this.review = this.review.filter((one) => one !== row);
    await this.#save([row]);
    this.waiting.push(row);
    this.#tell(row);
    this.kick();
  }

  /**
   * Close a sale that the server refused. It stays on this machine with who withdrew it, when, and the key of
   * `next`, the ticket that goes on in its place and is kept open in the same write. It is never sent again.
   */
  async withdraw(row, next, by) {
    const closed = { ...row, state: "withdrawn", withdrawn_at: this.now().getTime(), withdrawn_by: by, replaced_by: next.uuid };
    await this.store.write(["outbox", "drafts"], ({ outbox, drafts }) => {
      outbox.put(closed);
      drafts.put(next);
    }, "strict");
    Object.assign(row, closed);
    this.review = this.review.filter((one) => one !== row);
    this.#tell(row);
  }

  /** A sale set aside turned out to be on the server: an answer to it was lost. */
  async found(row, answer) {
    this.#judge(row, { status: "replayed", answer });
    this.review = this.review.filter((one) => one !== row);
    await this.#save([row]);
    this.#tell(row);
  }

  /** How much of a product is in sales the server has not answered for yet, in millionths. */
  unsent(productId) {
    const lines = this.waiting.flatMap((row) => JSON.parse(row.body).lines);
    return lines.reduce((sum, line) => (line.product_id === productId ? sum + steps(line.quantity) : sum), 0n);
  }

  /** The latest sales of this machine, newest first, for reprints. */
  async recent(limit = 30) {
    const rows = (await this.store.all("outbox")).filter((row) => row.state !== "withdrawn");
    return rows.sort((a, b) => b.seq - a.seq).slice(0, limit);
  }

  /** Take down a newer answer about a sale that is already stored (its validation came). */
  async update(row, answer) {
    row.answer = answer;
    await this.store.write(["outbox"], ({ outbox }) => outbox.put(row));
    this.#tell(row);
  }

  /** Since when the oldest one waits, in milliseconds of the epoch, or null. */
  get since() {
    return this.waiting.length ? this.waiting[0].created_at : null;
  }
}
