/**
 * Start of the till page: open what this machine keeps, ask the server for the rest (or go on without it),
 * become the one tab that sells, and show the first screen.
 */
import { Api, Refused, Unreachable } from "./api.mjs";
import { Till } from "./app.mjs";
import { Catalog } from "./catalog.mjs";
import { el, icon, useSprite } from "./dom.mjs";
import { Drafts } from "./drafts.mjs";
import { useKeys } from "./keymap.mjs";
import { LABEL_RULES } from "./labels.mjs";
import { Queue } from "./queue.mjs";
import { Drawer } from "./session.mjs";
import { useSounds } from "./sounds.mjs";
import { openStore } from "./store.mjs";
import { t, useWords } from "./words.mjs";

const page = { ...document.body.dataset };

/** Nothing can be sold: say why, and what to do. */
function halt(title, words) {
  document.body.replaceChildren(el("main.p-halt", {}, el("div.g-empty", { role: "alert" }, icon("alert-triangle", "fs-1"),
    el("h1", {}, title), el("p", {}, words),
    el("a.btn.btn-primary.g-touch", { href: location.href }, t("Load again")))));
}

/** The server's word on this till, or the last one this machine kept when the server is out of reach. */
async function bootstrap(api, store) {
  try {
    const boot = await api.get(`tills/${page.till}/bootstrap`);
    boot.offset = Date.parse(boot.now) - Date.now();
    await store.setMeta("boot", boot);
    return { boot, live: true };
  } catch (error) {
    const kept = await store.meta("boot");
    if (!(error instanceof Unreachable) || !kept) throw error;
    return { boot: kept, live: false };
  }
}

function assemble(api, store, boot) {
  const { settings } = boot;
  const now = () => new Date(Date.now() + boot.offset);
  useWords(boot.texts);
  useKeys(settings.keys ?? {});
  useSounds(settings.sounds);
  const parts = {
    api, store, now,
    catalog: new Catalog({
      store, api, till: page.till, rules: settings.labels ?? LABEL_RULES,
      frequent: boot.frequent, categories: boot.categories.map(({ id }) => id),
    }),
    drafts: new Drafts(store),
    queue: new Queue({ store, api, till: page.till, now }),
    drawer: new Drawer({ api, store, till: page.till, now }),
  };
  return new Till({ page, boot, parts });
}

/** Bring the products up to date while one already sells with those of before. */
async function stock(till, { live }) {
  const kept = await till.catalog.restore();
  if (!live || kept === till.boot.catalog_version) return;
  await till.attempt(() => till.catalog.download(till.boot.catalog_version));
}

/** This tab sells: it alone writes, and it sends what waits. */
async function sell(till) {
  const open = await till.drafts.restore();
  await till.queue.start();
  till.readOnly = false;
  if (open) till.cart.resume(open);
  till.show("sale");
  void navigator.storage.persist?.();
}

/** Hold the till for as long as the tab lives; a second tab only looks, and takes over when the first one goes. */
async function takeTill(till) {
  const name = `pos-register-${page.tenant}-${page.till}`;
  const forever = () => new Promise(() => {});
  const first = await new Promise((resolve) => {
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? forever() : null;
    });
  });
  if (first) return sell(till);
  till.readOnly = true;
  till.show("sale");
  till.notice("warn", t("This till is open in another tab. Sell there, or close it."));
  void navigator.locks.request(name, async () => {
    await sell(till);
    return forever();
  });
  return undefined;
}

async function main() {
  await useSprite(page.icons);
  useWords(JSON.parse(page.texts));
  if (!isSecureContext) {
    halt(t("The till could not open"), t("This address is not secure and the browser refuses to keep sales. Use https:// or http://localhost."));
    return;
  }
  const onSwitched = (refusal) => halt(t("You changed to another business"), refusal.message);
  const api = new Api({ tenant: page.tenant, csrf: page.csrf, onSwitched });
  const store = await openStore(page.tenant, page.till);
  const start = await bootstrap(api, store);
  const till = assemble(api, store, start.boot);
  Object.assign(till, { keyboard: Boolean(start.boot.settings.keyboard), leftHand: Boolean(start.boot.settings.left_handed) });
  Object.assign(till, await store.meta("prefers", {}));
  till.dress();
  await takeTill(till);
  if (!start.live) till.notice("warn", t("The server does not answer. You sell with what this machine keeps."));
  await stock(till, start);
}

main().catch((error) => {
  if (error instanceof Refused) halt(t("The till could not open"), error.message);
  else if (error instanceof Unreachable) halt(t("The till could not open"), t("The server does not answer. Check the connection and try again."));
  else {
    halt(t("The till could not open"), String(error.message ?? error));
    throw error;
  }
});
