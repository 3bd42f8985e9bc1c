// Dialogs, menus, notices, the password eye: behaviour that HTML alone does not have yet.
(() => {
  const byId = (id) => document.getElementById(id);
  const items = (menu) => [...menu.querySelectorAll("a, button, input:not([type=hidden])")].filter((one) => one.offsetParent !== null || one.getClientRects().length);

  // ---- dialogs
  function open(dialog) {
    for (const menu of document.querySelectorAll("[popover]:popover-open")) menu.hidePopover();
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("[data-first]")?.focus();
  }

  async function openFrom(link) {
    const html = await guadua.fragment(link.href);
    if (html === null) return;
    const dialog = byId(link.dataset.dialog);
    const content = new DOMParser().parseFromString(html, "text/html").body;
    dialog.replaceChildren(...content.childNodes);
    open(dialog);
  }

  // ---- "Are you sure?": the deed goes on with `yes`, otherwise nothing happened
  let onYes = null;
  function ask(text, yes, { danger = false, label = "" } = {}) {
    const dialog = byId("g-confirm");
    const button = dialog.querySelector("[data-confirm-yes]");
    button.dataset.usual ??= button.textContent;
    button.textContent = label || button.dataset.usual;
    button.classList.toggle("btn-danger", danger);
    button.classList.toggle("btn-primary", !danger);
    dialog.querySelector("[data-confirm-text]").textContent = text;
    onYes = yes;
    open(dialog);
  }

  function confirmFirst(event, control) {
    if (control.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const label = control.textContent.trim();
    ask(control.dataset.confirm, () => {
      control.dataset.confirmed = "yes";
      control.click();
      delete control.dataset.confirmed;
    }, { danger: "danger" in control.dataset, label });
  }

  // ---- toasts: ten seconds, longer while somebody is reading or about to undo
  const LIFE = 10_000;
  function live(toast) {
    let timer = setTimeout(() => toast.remove(), LIFE);
    for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, () => clearTimeout(timer));
    for (const name of ["mouseleave", "focusout"])
      toast.addEventListener(name, () => {
        clearTimeout(timer);
        timer = setTimeout(() => toast.remove(), LIFE);
      });
  }

  function toast(text, kind = "info") {
    const fresh = byId("g-toast").content.firstElementChild.cloneNode(true);
    fresh.classList.add(`is-${kind}`);
    const use = fresh.querySelector("use");
    const icons = { ok: "circle-check", info: "info-circle", warn: "alert-triangle", bad: "alert-circle" };
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icons[kind]}`));
    fresh.querySelector("span").textContent = text;
    byId("g-toasts").replaceChildren(fresh);
    live(fresh);
  }

  // ---- menus: under their button, inside the window
  function place(menu, button) {
    const at = button.getBoundingClientRect();
    const box = menu.getBoundingClientRect();
    const end = at.left + box.width > innerWidth - 8;
    const below = at.bottom + 4 + box.height <= innerHeight - 8 || at.top < box.height;
    menu.style.left = `${Math.max(8, end ? Math.min(at.right, innerWidth - 8) - box.width : at.left)}px`;
    menu.style.top = `${below ? at.bottom + 4 : at.top - 4 - box.height}px`;
  }

  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLElement) || !menu.hasAttribute("popover")) return;
    const shown = event.newState === "open";
    if ("onOpen" in menu.dataset && shown) menu.disabled = false;
    const button = document.querySelector(`[popovertarget="${menu.id}"]`);
    button?.setAttribute("aria-expanded", String(shown));
    if (shown && button && menu.classList.contains("g-menu")) {
      place(menu, button);
      (menu.querySelector("input:checked") ?? items(menu)[0])?.focus({ preventScroll: true });
    }
  }, true);

  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.(".g-menu");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!menu || !step || event.target.matches("input[type=radio], input[type=date]")) return;
    event.preventDefault();
    const all = items(menu);
    all[(all.indexOf(event.target) + step + all.length) % all.length]?.focus();
  });

  // ---- tabs of a form: without this script every panel is simply there
  function show(tabs, chosen) {
    for (const tab of tabs) {
      const on = tab === chosen;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      byId(tab.getAttribute("aria-controls")).hidden = !on;
    }
  }

  function startTabs(box) {
    const list = box.querySelector("[role=tablist]");
    const tabs = [...list.querySelectorAll("[role=tab]")];
    const wrong = tabs.find((tab) => byId(tab.getAttribute("aria-controls")).querySelector("[aria-invalid]"));
    list.hidden = false;
    show(tabs, wrong ?? tabs[0]);
    list.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) show(tabs, tab);
    });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
      show(tabs, next);
      next.focus();
    });
  }

  function reveal(button) {
    const field = byId(button.dataset.reveal);
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    const label = button.getAttribute("aria-label");
    button.setAttribute("aria-label", button.dataset.other);
    button.dataset.other = label;
    const use = button.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, shown ? "#eye-off" : "#eye"));
  }

  // An error in a hidden tab: show the tab before the link jumps there.
  function uncover(link) {
    const field = document.querySelector(link.getAttribute("href"));
    const panel = field?.closest("[role=tabpanel][hidden]");
    if (panel) byId(panel.getAttribute("aria-labelledby")).click();
    setTimeout(() => field?.focus());
  }

  document.addEventListener("click", (event) => {
    const control = event.target.closest("button, a");
    if (!control) return;
    if (control.dataset.confirm) confirmFirst(event, control);
    if (event.defaultPrevented) return;
    if (control.dataset.open) open(byId(control.dataset.open));
    if (control.dataset.reveal) reveal(control);
    if ("dismiss" in control.dataset) control.closest(".g-toast").remove();
    if ("confirmYes" in control.dataset) {
      control.closest("dialog").close();
      onYes?.();
    }
    if ("close" in control.dataset && control.closest("dialog")) {
      event.preventDefault();
      control.closest("dialog").close();
    }
    const modified = event.ctrlKey || event.metaKey || event.shiftKey;
    if (control.dataset.dialog && !modified) {
      event.preventDefault();
      openFrom(control);
    }
    if (control.matches("#g-problems a")) uncover(control);
  }, true);

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-tabs]").forEach(startTabs);
    document.querySelectorAll("#g-toasts > *").forEach(live);
    document.querySelector("[data-focus]")?.focus();
    // What a page came back with: without us it stands in the page, with us above it.
    for (const dialog of document.querySelectorAll("dialog[open]")) {
      dialog.close();
      open(dialog);
      dialog.querySelector("[aria-invalid]")?.focus();
    }
  });

  window.guadua = { ...window.guadua, ask, toast, open };
})();
