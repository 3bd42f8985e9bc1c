/**
 * The drawer: opened with a float, moved with a reason, counted and closed. Each deed has a key of its own
 * that survives a lost answer, so that asking again never opens, moves or closes twice.
 */
import { Unreachable } from "./api.mjs";
import { uuid7 } from "./uuid7.mjs";

export class Drawer {
  constructor({ api, store, till, now }) {
    Object.assign(this, { api, store, till, now });
  }

  // A deed whose answer was lost goes again under the same key; a new deed gets a new one.
  async #once(name, body, send) {
    const kept = await this.store.meta(name);
    const same = kept && JSON.stringify(kept.body) === JSON.stringify(body);
    const deed = same ? kept : { id: uuid7(), body, at: this.now().toISOString() };
    await this.store.setMeta(name, deed);
    try {
      const answer = await send(deed);
      await this.store.setMeta(name, null);
      return answer;
    } catch (error) {
      if (!(error instanceof Unreachable)) await this.store.setMeta(name, null);
      throw error;
    }
  }

  /** Open with `float` pesos (text); answers the session. */
  open(float) {
    return this.#once("opening", { float }, async ({ id, at }) => {
      const answer = await this.api.post(`tills/${this.till}/session`, { id, float, opened_at: at });
      return { id, opened_at: at, float, ...(answer.session ?? answer) };
    });
  }

  /** Put cash in or take it out (`kind` "in" or "out") for a stated reason. */
  move(session, { kind, amount, reason }) {
    return this.#once("movement", { kind, amount, reason }, ({ id }) =>
      this.api.post(`sessions/${session.id}/movements`, { id, kind, amount, reason }),
    );
  }

  /** How the session stands; `blind` keeps back what should be in the drawer. */
  summary(session, { blind }) {
    return this.api.get(`sessions/${session.id}/summary?blind=${blind ? 1 : 0}`);
  }

  /** Close with what was counted; closing a closed session answers what the first closing answered. */
  close(session, { counted, total, note }) {
    return this.api.post(`sessions/${session.id}/close`, { counted, counted_total: total, note });
  }
}
