// What was typed and not saved stays in this tab, so that a closed page or a lost network costs
// nothing. Secrets and files are left out; a page without a business, such as log-in, forgets all.
(() => {
  const START = "g-draft:";
  const FRAME = new Set(["csrf_token", "tenant_uid", "form_key", "version"]);
  const tenant = document.querySelector('meta[name="tenant"]')?.content ?? "";
  const version = (form) => form.elements.version?.value ?? "";
  const key = (form) => `${START}${tenant}:${form.getAttribute("action")}:${version(form)}`;

  function storage() {
    try {
      return window.sessionStorage;
    } catch {
      return null; // refused: nothing is kept
    }
  }

  function entries(form) {
    const secret = new Set([...form.querySelectorAll("input[type=password], input[type=file]")].map((one) => one.name));
    return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !FRAME.has(name) && !secret.has(name));
  }

  function forgetAll() {
    const kept = storage();
    for (const name of Object.keys(kept ?? {})) if (name.startsWith(START)) kept.removeItem(name);
  }

  const waiting = new WeakMap();
  function keep(form) {
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => {
      try {
        storage()?.setItem(key(form), JSON.stringify(entries(form)));
      } catch {
        forgetAll(); // full: the newest is not worth an error
      }
    }, 400));
  }

  async function bringBack(form) {
    const body = new FormData();
    for (const [name, value] of JSON.parse(storage().getItem(key(form)))) body.append(name, value);
    for (const name of ["csrf_token", "tenant_uid"]) body.append(name, form.elements[name]?.value ?? "");
    document.activeElement?.blur();
    const html = await guadua.fragment(form.dataset.draft, { method: "POST", body });
    if (html === null) return;
    guadua.parts(html);
    document.getElementById("g-draft").hidden = true;
    form.dispatchEvent(new CustomEvent("guadua:touched", { bubbles: true }));
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!tenant) return forgetAll();
    const form = document.querySelector("form[data-draft]");
    const note = document.getElementById("g-draft");
    if (!form || !note) return;
    const kept = storage()?.getItem(key(form));
    // What was refused is in the page already; what equals the page says nothing new.
    const same = kept === JSON.stringify(entries(form));
    if (kept && !same && !document.getElementById("g-problems")) note.hidden = false;
    else storage()?.removeItem(key(form));
    for (const name of ["input", "change"]) form.addEventListener(name, () => keep(form));
    form.addEventListener("submit", () => {
      clearTimeout(waiting.get(form));
      storage()?.removeItem(key(form));
    });
  });

  document.addEventListener("click", (event) => {
    const form = document.querySelector("form[data-draft]");
    if (event.target.closest("[data-draft-back]")) bringBack(form);
    if (event.target.closest("[data-draft-drop]")) {
      storage()?.removeItem(key(form));
      document.getElementById("g-draft").hidden = true;
    }
  });
})();
