/** The till's words: English in the code, the reader's language from the bootstrap answer. */

let texts = {};

/** Take the map of English text to local text. */
export function useWords(map) {
  texts = map ?? {};
}

/** Say `english` in the reader's language, with `{name}` places filled in. */
export function t(english, values = {}) {
  const local = texts[english] ?? english;
  return local.replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}
