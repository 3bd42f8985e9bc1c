/** Tickets not paid yet, kept on this machine: the open one survives a reload, the others wait on hold. */

export class Drafts {
  constructor(store) {
    this.store = store;
    this.held = [];
    this.onerror = () => {};
  }

  /** Read what was kept; answers the ticket that was open, or null. */
  async restore() {
    const kept = await this.store.all("drafts");
    this.held = kept.filter((draft) => draft.state === "held");
    return kept.find((draft) => draft.state === "open" && draft.lines.length) ?? null;
  }

  /** Keep the open ticket as it is now. Nobody waits for it: selling a line must not cost a write. */
  keep(ticket) {
    const copy = structuredClone(ticket);
    this.store
      .write(["drafts"], ({ drafts }) => (copy.lines.length ? drafts.put(copy) : drafts.delete(copy.uuid)))
      .catch((error) => this.onerror(error));
  }

  async hold(ticket, now) {
    const held = { ...structuredClone(ticket), state: "held", held_at: now.toISOString() };
    await this.store.write(["drafts"], ({ drafts }) => drafts.put(held));
    this.held.push(held);
  }

  /** Take one off hold; it is open again in the same write, so that a reload finds it. */
  async recall(uuid) {
    const found = this.held.find((draft) => draft.uuid === uuid);
    const open = { ...found, state: "open" };
    await this.store.write(["drafts"], ({ drafts }) => drafts.put(open));
    this.held = this.held.filter((draft) => draft.uuid !== uuid);
    return open;
  }
}
