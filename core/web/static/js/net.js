// Every request of this page says which business and which form it comes from, whoever sends it:
// the wrapper stands around fetch itself, so neither an addon nor a library can forget it.
(() => {
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
  const texts = () => document.getElementById("g-texts").dataset;
  const plain = window.fetch.bind(window);

  async function fetchHere(input, options = {}) {
    const address = new URL(input instanceof Request ? input.url : input, location.href);
    if (address.origin !== location.origin) return plain(input, options);
    const request = new Request(input, options);
    if (meta("tenant") && !request.headers.has("X-Tenant")) request.headers.set("X-Tenant", meta("tenant"));
    if (!["GET", "HEAD"].includes(request.method)) request.headers.set("X-CSRF-Token", meta("csrf-token"));
    const answer = await plain(request);
    if (answer.status === 409 && (await isSwitched(answer.clone()))) leave();
    return answer;
  }

  async function isSwitched(answer) {
    if (!(answer.headers.get("Content-Type") ?? "").includes("json")) return answer.headers.get("X-Error-Code") === "tenancy.switched";
    try {
      return (await answer.json()).code === "tenancy.switched";
    } catch {
      return false;
    }
  }

  // Another tab changed the business: what is typed here belongs to the old one and is not sent.
  function leave() {
    guadua.ask(texts().switched, () => location.assign(texts().reload));
  }

  // Replaces each element of an HTML answer that has an id of this page, except the one being typed in.
  function parts(html) {
    const answer = new DOMParser().parseFromString(html, "text/html");
    for (const fresh of answer.querySelectorAll("[id]")) {
      // It came with an element around it: it is in its place already.
      if (fresh.ownerDocument === document) continue;
      const old = document.getElementById(fresh.id);
      if (!old || !fresh.isConnected || old.contains(document.activeElement)) continue;
      // The options of a field in which somebody looks something up are its own.
      if (old.closest("[data-lookup]")?.contains(document.activeElement)) continue;
      old.replaceWith(document.adoptNode(fresh));
    }
    document.dispatchEvent(new CustomEvent("guadua:parts"));
  }

  // Asks for part of a page. Null when it could not be had: the person has been told.
  async function fragment(address, options = {}) {
    const headers = { ...options.headers, "X-Fragment": "1", Accept: "text/html" };
    try {
      const answer = await fetch(address, { ...options, headers });
      if (answer.ok || answer.status === 422) return await answer.text();
      if (answer.status !== 409) guadua.toast(texts().failed, "bad");
    } catch (error) {
      if (error.name !== "AbortError") guadua.toast(texts().offline, "warn");
    }
    return null;
  }

  // What costs a question of its own comes after the page.
  document.addEventListener("DOMContentLoaded", async () => {
    for (const place of document.querySelectorAll("[data-lazy]")) {
      const html = await fragment(place.dataset.lazy);
      if (html !== null) parts(html);
    }
  });

  window.fetch = fetchHere;
  window.guadua = { ...window.guadua, fragment, parts };
})();
