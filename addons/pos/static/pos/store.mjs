/**
 * What the till keeps on this machine, in IndexedDB (local storage loses seconds of work on a power cut).
 * outbox: paid sales · drafts: the open ticket and those on hold · catalog: pages of products · meta: the rest.
 */

const STORES = { outbox: "uuid", drafts: "uuid", catalog: "page", meta: "key" };

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Open the database of one till of one business. */
export async function openStore(tenant, till) {
  const request = indexedDB.open(`guadua-pos-${tenant}-${till}`, 1);
  request.onupgradeneeded = () => {
    for (const [name, keyPath] of Object.entries(STORES)) request.result.createObjectStore(name, { keyPath });
  };
  return new Store(await done(request));
}

export class Store {
  constructor(database) {
    this.database = database;
  }

  /** One row, or undefined. */
  read(name, key) {
    return done(this.database.transaction(name).objectStore(name).get(key));
  }

  /** Every row, ordered by key. */
  all(name) {
    return done(this.database.transaction(name).objectStore(name).getAll());
  }

  async meta(key, otherwise = null) {
    return (await this.read("meta", key))?.value ?? otherwise;
  }

  setMeta(key, value) {
    return this.write(["meta"], ({ meta }) => meta.put({ key, value }));
  }

  /**
   * Run `change` over the named stores in one transaction; resolves when it is committed.
   * `durability: "strict"` waits for the disk: for money. `change` must not await anything but requests.
   */
  write(names, change, durability = "relaxed") {
    return new Promise((resolve, reject) => {
      const work = this.database.transaction(names, "readwrite", { durability });
      let result;
      work.oncomplete = () => resolve(result);
      work.onabort = () => reject(work.error);
      const stores = Object.fromEntries(names.map((name) => [name, work.objectStore(name)]));
      Promise.resolve(change(stores)).then(
        (value) => { result = value; },
        (error) => { reject(error); work.abort(); },
      );
    });
  }
}

export { done };
