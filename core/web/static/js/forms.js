// Forms: nothing typed is lost by accident, lines come and go, totals follow what is typed.
(() => {
  const texts = () => document.getElementById("g-texts").dataset;
  const dirty = new Set();

  // ---- what has not been saved
  function touch(form) {
    if (!form?.matches("[data-guard]") || dirty.has(form)) return;
    dirty.add(form);
    const chip = document.querySelector("[data-unsaved]");
    if (chip) chip.hidden = false;
  }

  document.addEventListener("guadua:touched", (event) => touch(event.target));

  addEventListener("beforeunload", (event) => {
    if (dirty.size) event.preventDefault();
  });

  // Sending another form of the page (a comment, a deed on the record) would lose what is typed.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (![...dirty].some((form) => form !== event.target)) return dirty.clear();
    event.preventDefault();
    const button = event.submitter;
    guadua.ask(texts().unsaved, () => {
      dirty.clear();
      event.target.requestSubmit(button);
    });
  });

  // ---- figures that the server works out again while one types
  const waiting = new WeakMap();
  function recompute(form) {
    if (!form?.dataset.recompute) return;
    const before = waiting.get(form);
    clearTimeout(before?.timer);
    before?.control.abort();
    const control = new AbortController();
    const timer = setTimeout(async () => {
      const html = await guadua.fragment(form.dataset.recompute, { method: "POST", body: new FormData(form), signal: control.signal });
      if (html !== null) guadua.parts(html);
    }, 250);
    waiting.set(form, { timer, control });
  }

  for (const name of ["input", "change"])
    document.addEventListener(name, (event) => {
      touch(event.target.form);
      recompute(event.target.form);
    });

  // ---- lines
  let next = 1;
  function addLine(box) {
    const key = `new${next++}`;
    const line = box.querySelector("template").content.firstElementChild.cloneNode(true);
    for (const element of [line, ...line.querySelectorAll("*")])
      for (const attribute of element.attributes) attribute.value = attribute.value.replaceAll("__key__", key);
    box.querySelector("tbody").append(line);
    return line;
  }

  const fields = (line) => [...line.querySelectorAll("input:not([type=hidden]), select, textarea")];

  function removeLine(line) {
    const box = line.closest("[data-lines]");
    const form = line.closest("form");
    const lines = [...box.querySelectorAll("[data-line]:not([hidden])")];
    const neighbour = lines[lines.indexOf(line) + 1] ?? lines[lines.indexOf(line) - 1];
    line.querySelector("[data-removed]").value = "1";
    line.hidden = true;
    (neighbour?.querySelector("[data-remove]") ?? box.querySelector("[data-add]")).focus();
    touch(form);
    recompute(form);
  }

  // Moves a line past its neighbour; what was typed and the focus go with it.
  function moveLine(line, step) {
    const lines = [...line.parentElement.querySelectorAll(":scope > :is([data-line], [data-item]):not([hidden])")];
    const other = lines[lines.indexOf(line) + step];
    if (!other) return;
    const focused = document.activeElement;
    if (step < 0) other.before(line);
    else other.after(line);
    focused?.focus();
    touch(line.closest("form"));
    recompute(line.closest("form"));
  }

  document.addEventListener("click", (event) => {
    const move = event.target.closest("[data-move]");
    if (move) moveLine(move.closest("[data-line], [data-item]"), Number(move.dataset.move));
    const add = event.target.closest("[data-add]");
    if (add) fields(addLine(add.closest("[data-lines]")))[0]?.focus();
    const remove = event.target.closest("[data-remove]");
    if (remove) removeLine(remove.closest("[data-line]"));
  });

  document.addEventListener("keydown", (event) => {
    const line = event.target.closest?.("[data-line]");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (line && step && event.altKey) {
      event.preventDefault();
      return moveLine(line, step);
    }
    if (!line || event.key !== "Enter" || event.defaultPrevented || !event.target.matches("input")) return;
    event.preventDefault();
    const lines = [...line.closest("[data-lines]").querySelectorAll("[data-line]:not([hidden])")];
    const place = fields(line).indexOf(event.target);
    const below = lines[lines.indexOf(line) + 1];
    if (below) fields(below)[place]?.focus();
    else fields(addLine(line.closest("[data-lines]")))[0]?.focus();
  });

  // ---- cells from a spreadsheet: tab between columns, line break between rows
  document.addEventListener("paste", (event) => {
    const line = event.target.closest?.("[data-line]");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!line || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const box = line.closest("[data-lines]");
    const place = fields(line).indexOf(event.target);
    let at = line;
    for (const row of text.replace(/\r/g, "").replace(/\n+$/, "").split("\n")) {
      at ??= addLine(box);
      const cells = fields(at);
      row.split("\t").forEach((cell, offset) => {
        const field = cells[place + offset];
        if (!field) return;
        field.value = cell.trim();
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
      at = at.nextElementSibling;
    }
  });
})();
