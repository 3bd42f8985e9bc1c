/** Builds the page from nodes: no markup strings, no inline style, nothing a strict CSP refuses. */

const SVG = "http://www.w3.org/2000/svg";
const shapes = document.createElementNS(SVG, "svg");
let sprite = "";
let drawings = null;

/**
 * Fetch the icon sprite once. Icons then point into this page: one that is drawn again, as the till does at
 * every key, shows in the same frame. Without the file they point at it, and appear when it comes.
 */
export async function useSprite(address) {
  sprite = address;
  shapes.setAttribute("class", "p-sprite");
  shapes.setAttribute("aria-hidden", "true");
  document.documentElement.append(shapes);
  const response = await fetch(address).catch(() => null);
  if (response?.ok) drawings = new DOMParser().parseFromString(await response.text(), "image/svg+xml");
}

function drawn(name) {
  if (!drawings) return `${sprite}#${name}`;
  if (!shapes.querySelector(`#${CSS.escape(name)}`)) {
    const symbol = drawings.getElementById(name);
    if (symbol) shapes.append(document.importNode(symbol, true));
  }
  return `#${name}`;
}

/**
 * Make an element: `el("button.p-key.f", {type: "button", onclick}, "7")`.
 * Attributes that are null, undefined or false are left out; `on…` become listeners; children may be
 * nodes, texts, nested lists, or nothing.
 */
export function el(shape, attributes = {}, ...children) {
  const [tag, ...classes] = shape.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  if (tag === "button" && !("type" in attributes)) node.type = "button";
  for (const [name, value] of Object.entries(attributes)) set(node, name, value);
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "value") node.value = value;
  else if (name === "class") node.className = `${node.className} ${value}`.trim();
  else node.setAttribute(name, value === true ? "" : value);
}

/** A decorative icon of the sprite; the words beside it, or the button's label, carry the meaning. */
export function icon(name, extra = "") {
  const svg = svgElement("svg", { class: `g-i ${extra}`.trim(), "aria-hidden": "true" });
  svg.append(svgElement("use", { href: drawn(name) }));
  return svg;
}

export function svgElement(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

// A browser clicks only where a press begins and ends on the same node: what is pressed is not replaced meanwhile.
let pressed = null;
let released;
const waiting = new Map();

// The click comes right after a mouse is let go, and a little later after a finger.
const TAP = 100;

const hear = (name, heard) => document.addEventListener(name, heard, { capture: true });
hear("pointerdown", (event) => { letGo(); pressed = event.target; });
hear("pointerup", () => { released = setTimeout(letGo, TAP); });
hear("pointercancel", letGo);
hear("click", () => { pressed = null; released = setTimeout(letGo); });

function letGo() {
  clearTimeout(released);
  pressed = null;
  for (const [container, children] of waiting) swap(container, ...children);
}

/**
 * Replace what `container` shows and keep the focus where the hand left it: the control with the same
 * `data-focus` takes it back. While something inside is pressed it waits until that is let go.
 */
export function swap(container, ...children) {
  if (pressed && container.contains(pressed)) return void waiting.set(container, children);
  waiting.delete(container);
  const held = container.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  container.replaceChildren(...children.flat(3).filter(Boolean));
  if (held) container.querySelector(`[data-focus="${CSS.escape(held)}"]`)?.focus();
}

/** Open a modal dialog with a title, a body and a footer; it leaves the page when it closes. */
export function dialog({ title, body, footer, closeLabel }) {
  const shut = () => box.close();
  const heading = el("h2.g-grow", { tabindex: "-1" }, title);
  const box = el(
    "dialog.g-dialog.p-dialog",
    { "aria-label": title, onclose: () => box.remove() },
    el("div.g-row", {}, heading, el("button.p-act", { "aria-label": closeLabel, onclick: shut }, icon("x"))),
    el("div.p-dialog-body", {}, body),
    footer ? el("footer", {}, footer) : null,
  );
  document.body.append(box);
  box.showModal();
  (box.querySelector("[autofocus]") ?? heading).focus();
  return box;
}
