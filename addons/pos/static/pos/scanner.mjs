/**
 * Hears a barcode reader that types like a keyboard (a "wedge"), wherever the focus is.
 *
 * A burst of keys that ends on Enter or Tab, at least 3 long and as quick as no hand types (two thirds of them
 * within 50 ms of the one before), is a scan: it never stays in the field that had the focus and never presses
 * a button. A burst that has shown itself quick may stall once in a while: a busy machine must not cut a code
 * in two. What a hand types outside a field is given to `onTyped` once it is clear that it is no scan.
 */

const QUICK = 50;
const GAP = 100;
const STALL = 400;
const SHORTEST = 3;

const editable = (node) => node?.matches?.("input:not([type=checkbox]):not([type=radio]), textarea, select") ?? false;

export class Scanner {
  /**
   * `onScan(code, {before})` returns false to decline what is no code of ours; `before` is what the field held.
   * `onTyped(key)` gets single keys typed outside fields; `onKey(event)` sees every other key first.
   */
  constructor({ onScan, onTyped, onKey }) {
    Object.assign(this, { onScan, onTyped, onKey });
    this.#forget();
    document.addEventListener("keydown", (event) => this.#hear(event), { capture: true });
  }

  #forget() {
    this.keys = [];
    this.last = 0;
    this.quick = 0;
    this.field = null;
    this.before = "";
    clearTimeout(this.timer);
  }

  #hear(event) {
    if (event.isComposing) return;
    if (event.timeStamp - this.last > this.#patience()) this.#release();
    if (event.ctrlKey || event.altKey || event.metaKey) return void this.onKey(event);
    if (event.key.length === 1 && !event.repeat) return this.#collect(event);
    if ((event.key === "Enter" || event.key === "Tab") && this.#finish(event)) return;
    if (event.key === "Shift") return;
    this.#release();
    this.onKey(event);
  }

  #collect(event) {
    if (event.key === " " && !this.keys.length) return;
    const field = editable(document.activeElement) ? document.activeElement : null;
    if (!this.keys.length) this.#begin(field);
    else if (event.timeStamp - this.last <= QUICK) this.quick += 1;
    this.keys.push(event.key);
    this.last = event.timeStamp;
    if (this.field) return;
    event.preventDefault();
    event.stopPropagation();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#release(), this.#patience() + 10);
  }

  // Keys at a speed no hand keeps up: whatever follows belongs to the same code.
  #patience() {
    return this.#isQuick() ? STALL : GAP;
  }

  #isQuick() {
    return this.quick > 0 && this.quick * 3 >= (this.keys.length - 1) * 2;
  }

  #begin(field) {
    this.field = field;
    this.before = field ? field.value : "";
  }

  #finish(event) {
    if (this.keys.length < SHORTEST || !this.#isQuick()) return false;
    const { field, before } = this;
    if (this.onScan(this.keys.join(""), { before }) === false) return false;
    event.preventDefault();
    event.stopPropagation();
    this.#forget();
    if (field) putBack(field, before);
    return true;
  }

  #release() {
    const held = this.field ? [] : this.keys;
    this.#forget();
    for (const key of held) this.onTyped(key);
  }
}

function putBack(field, before) {
  // "3*" typed by hand before the scan has done its work: the multiplier goes with it.
  const left = /^\s*\d{1,6}(?:[.,]\d{1,3})?\s*[*xX×]\s*$/.test(before) ? "" : before;
  if (field.value === left) return;
  field.value = left;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
