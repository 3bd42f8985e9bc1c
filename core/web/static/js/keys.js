// What the keys do, and the selection of rows. Single keys can be turned off in the help ("?").
(() => {
  const SETTING = "g-single-keys";
  const typing = (target) => target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const singles = () => {
    try {
      return localStorage.getItem(SETTING) !== "off";
    } catch {
      return true; // storage refused: the keys stay on
    }
  };
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // ---- rows of a list
  const rows = () => [...document.querySelectorAll("[data-rows] tbody tr")];
  const current = () => document.activeElement?.closest("[data-rows] tbody tr");
  function go(step) {
    const all = rows();
    const next = all[Math.min(all.length - 1, Math.max(0, current() ? all.indexOf(current()) + step : 0))];
    next?.querySelector("a[href]")?.focus();
    next?.scrollIntoView({ block: "nearest" });
  }

  function countSelected() {
    const bar = document.getElementById("g-bulk");
    if (!bar) return;
    const picks = [...document.querySelectorAll('[data-rows] input[name="ids"]')];
    for (const pick of picks) {
      if (pick.checked) pick.closest("tr").setAttribute("aria-selected", "true");
      else pick.closest("tr").removeAttribute("aria-selected");
    }
    const count = picks.filter((pick) => pick.checked).length;
    bar.hidden = count === 0;
    bar.querySelector("[data-count]").textContent = count;
    const all = document.querySelector("[data-all]");
    all.checked = count > 0 && count === picks.length;
    all.indeterminate = count > 0 && count < picks.length;
  }

  function selectAll(checked) {
    for (const pick of document.querySelectorAll('[data-rows] input[name="ids"]')) pick.checked = checked;
    countSelected();
  }

  let last = null;
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-clear]")) selectAll(false);
    const pick = event.target;
    if (!pick.matches?.('[data-rows] input[name="ids"]')) return;
    const all = [...document.querySelectorAll('[data-rows] input[name="ids"]')];
    if (event.shiftKey && last && last !== pick) {
      const [from, to] = [all.indexOf(last), all.indexOf(pick)].sort((a, b) => a - b);
      for (const between of all.slice(from, to + 1)) between.checked = pick.checked;
    }
    last = pick;
  });

  document.addEventListener("change", (event) => {
    const control = event.target;
    if (control.matches("[data-all]")) selectAll(control.checked);
    if (control.matches('[data-rows] input[name="ids"]')) countSelected();
    if (control.matches("[data-filters] input[type=radio]")) control.form.requestSubmit();
    if (control.matches("[data-keys-switch]")) {
      try {
        localStorage.setItem(SETTING, control.checked ? "on" : "off");
      } catch {
        control.checked = true; // it cannot be remembered, so it is not promised
      }
    }
  });

  // An empty choice or day would only lengthen the address.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-filters]")) return;
    for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
  });
  addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("[data-filters] input[name]")) field.disabled = false;
    countSelected();
  });

  // ---- palette: all words must occur, accents do not matter
  document.addEventListener("input", (event) => {
    if (!event.target.dataset?.palette) return;
    const words = fold(event.target.value).split(/\s+/).filter(Boolean);
    const entries = [...document.getElementById(event.target.dataset.palette).children];
    for (const entry of entries) entry.hidden = !words.every((word) => fold(entry.textContent).includes(word));
    event.target.closest("dialog").querySelector("[data-none]").hidden = entries.some((entry) => !entry.hidden);
  });

  function moveInPalette(event, step) {
    const palette = event.target.closest("#g-palette");
    const links = [...palette.querySelectorAll("li:not([hidden]) a")];
    const at = links.indexOf(document.activeElement) + step;
    event.preventDefault();
    if (at < 0) palette.querySelector("input").focus();
    else links[Math.min(at, links.length - 1)]?.focus();
  }

  const open = (id) => {
    const dialog = document.getElementById(id);
    if (dialog) guadua.open(dialog);
    return Boolean(dialog);
  };

  function hotkey(key) {
    const control = [...document.querySelectorAll("[data-hotkey]")].find((one) => one.dataset.hotkey.toLowerCase() === key);
    control?.click();
    return Boolean(control);
  }

  function single(event) {
    const key = event.key.toLowerCase();
    if (key === "?") return open("g-shortcuts");
    if (key === "/") {
      const search = document.querySelector("[data-search]");
      search?.focus();
      search?.select();
      return Boolean(search);
    }
    if (["arrowdown", "arrowup"].includes(key) && rows().length) return go(key === "arrowdown" ? 1 : -1) ?? true;
    if ((key === "x" || key === " ") && current()) {
      const pick = current().querySelector('input[name="ids"]');
      if (pick) pick.checked = !pick.checked;
      countSelected();
      return Boolean(pick);
    }
    return hotkey(key);
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.target.closest?.("#g-palette")) {
      if (step) moveInPalette(event, step);
      else if (event.key === "Enter" && event.target.matches("input")) event.target.closest("dialog").querySelector("li:not([hidden]) a")?.click();
      return;
    }
    if (event.ctrlKey || event.metaKey) {
      const done = event.key.toLowerCase() === "k" ? open("g-palette") : hotkey(`control+${event.key.toLowerCase()}`);
      if (done) event.preventDefault();
      return;
    }
    if (event.target.matches?.("[role=switch][href]") && event.key === " ") {
      event.preventDefault();
      event.target.click();
      return;
    }
    const elsewhere = document.querySelector("dialog[open], [popover].g-menu:popover-open");
    if (typing(event.target) || elsewhere || !singles()) return;
    if (single(event)) event.preventDefault();
  });

  document.addEventListener("DOMContentLoaded", () => {
    const choice = document.querySelector("[data-keys-switch]");
    if (choice) choice.checked = singles();
    countSelected();
  });
})();
