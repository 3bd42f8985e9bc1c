// A field that finds a record of another list while one types (ARIA combobox with a list box).
(() => {
  const parts = (box) => ({ text: box.querySelector("[role=combobox]"), hidden: box.querySelector("input[type=hidden]"), list: box.querySelector("[role=listbox]") });
  const pending = new WeakMap();

  function close(box) {
    const { text, list } = parts(box);
    list.hidden = true;
    text.setAttribute("aria-expanded", "false");
    text.removeAttribute("aria-activedescendant");
  }

  function show(box, items, create) {
    const { text, list } = parts(box);
    list.replaceChildren(...items.map((item, place) => option(item, `${list.id}-${place}`)));
    if (!items.length) list.append(option({ label: list.dataset.none }, `${list.id}-none`, true));
    if (create) {
      const line = option({ label: create.label }, `${list.id}-new`);
      line.dataset.create = create.url;
      list.append(line);
    }
    list.hidden = false;
    text.setAttribute("aria-expanded", "true");
    if (items.length) mark(box, 0);
  }

  function option(item, id, disabled = false) {
    const line = document.createElement("li");
    line.id = id;
    line.setAttribute("role", "option");
    line.setAttribute("aria-selected", "false");
    if (disabled) line.setAttribute("aria-disabled", "true");
    line.append(Object.assign(document.createElement("b"), { textContent: item.label }));
    if (item.note) line.append(Object.assign(document.createElement("small"), { textContent: item.note }));
    line.dataset.value = item.value ?? "";
    line.dataset.label = item.label;
    return line;
  }

  function mark(box, place) {
    const { text, list } = parts(box);
    const options = [...list.children];
    options.forEach((one, at) => one.setAttribute("aria-selected", String(at === place)));
    options[place]?.scrollIntoView({ block: "nearest" });
    if (options[place]) text.setAttribute("aria-activedescendant", options[place].id);
  }

  function choose(box, line) {
    if (!line || line.getAttribute("aria-disabled")) return;
    const { text, hidden } = parts(box);
    if (line.dataset.create) return make(box, line.dataset.create);
    text.value = line.dataset.label;
    hidden.value = line.dataset.value;
    text.dataset.chosen = text.value;
    close(box);
    hidden.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // ---- a record made on the fly: its form in a dialog, then chosen here
  // By its id: meanwhile the server may have sent the field again.
  let making = "";
  function fill(html) {
    const dialog = document.getElementById("g-quick");
    dialog.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    guadua.open(dialog);
    dialog.querySelector("form [aria-invalid], form .form-control")?.focus();
  }

  async function make(box, address) {
    making = parts(box).text.id;
    const asked = new URL(address, location.href);
    asked.searchParams.set("text", parts(box).text.value);
    close(box);
    const html = await guadua.fragment(asked);
    if (html !== null) fill(html);
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-quick]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Fragment": "1" } });
    if (answer.status === 422) return fill(await answer.text());
    if (answer.status !== 201) return guadua.toast(document.getElementById("g-texts").dataset.failed, "bad");
    const made = await answer.json();
    form.closest("dialog").close();
    const { text, hidden } = parts(document.getElementById(making).closest("[data-lookup]"));
    text.value = made.label;
    hidden.value = made.value;
    text.focus();
    hidden.dispatchEvent(new Event("change", { bubbles: true }));
  }, true);

  function ask(box) {
    const { text } = parts(box);
    const before = pending.get(box);
    clearTimeout(before?.timer);
    before?.control.abort();
    const control = new AbortController();
    const timer = setTimeout(async () => {
      const address = new URL(box.dataset.lookup, location.href);
      address.searchParams.set("q", text.value);
      try {
        const answer = await fetch(address, { signal: control.signal, headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        const found = await answer.json();
        show(box, found.items, found.create);
      } catch (error) {
        if (error.name !== "AbortError") guadua.toast(document.getElementById("g-texts").dataset.offline, "warn");
      }
    }, 150);
    pending.set(box, { timer, control });
  }

  document.addEventListener("input", (event) => {
    const box = event.target.closest?.("[data-lookup]");
    if (!box || event.target.type === "hidden") return;
    parts(box).hidden.value = "";
    ask(box);
  });

  document.addEventListener("keydown", (event) => {
    const box = event.target.closest?.("[data-lookup]");
    if (!box) return;
    const { list } = parts(box);
    const options = [...list.children];
    const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && list.hidden) ask(box);
    else if (step) mark(box, (at + step + options.length) % options.length);
    else if (event.key === "Enter" && !list.hidden) choose(box, options[at]);
    else if (event.key === "Escape" && !list.hidden) close(box);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  document.addEventListener("mousedown", (event) => {
    const line = event.target.closest?.("[data-lookup] [role=option]");
    if (!line) return;
    event.preventDefault();
    choose(line.closest("[data-lookup]"), line);
  });

  // Words that name no record do not stay in the field: nothing would be saved for them.
  document.addEventListener("focusout", (event) => {
    const box = event.target.closest?.("[data-lookup]");
    if (!box) return;
    close(box);
    const { text, hidden } = parts(box);
    if (text.value && !hidden.value) text.value = "";
  });
})();
