// Texts as the search sees them: the twin of core/search/folding.py, held equal by shared vectors.
// Plain ES module, no dependency.

const LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d" };

const SPELLINGS = {
  g: "g gr grs gramo gramos",
  kg: "kg kgs kilo kilos kilogramo kilogramos",
  lb: "lb lbs libra libras",
  oz: "oz onza onzas",
  ml: "ml cc mililitro mililitros",
  l: "l lt lts litro litros",
  cm: "cm cms centimetro centimetros",
  mm: "mm milimetro milimetros",
  m: "m mt mts metro metros",
  un: "un und unds unid unidad unidades",
};
const UNITS = new Map(
  Object.entries(SPELLINGS).flatMap(([symbol, spellings]) => spellings.split(" ").map((spelling) => [spelling, symbol])),
);

const WORD = /[0-9]+(?:[.,][0-9]+)*|\p{L}+/gu;
const THOUSANDS = /^[1-9][0-9]{0,2}(?:\.[0-9]{3})+$/;
const DECIMALS = /^([0-9]+)[.,]([0-9]+)$/;
const DIGIT = /^[0-9]/;

/** Take accents and capitals away: "Ñame Crème" becomes "name creme". */
export function fold(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[ßæœøłđ]/g, (letter) => LETTERS[letter]);
}

/** Read one number, or several that dots and commas join into no number, like a version. */
function numbers(written) {
  if (THOUSANDS.test(written)) return [written.replaceAll(".", "")];
  const whole = DECIMALS.exec(written);
  if (!whole) return written.split(/[.,]/);
  const part = whole[2].replace(/0+$/, "");
  return [part ? `${whole[1]}.${part}` : whole[1]];
}

/** Give the search words of a text, each once, in order; see folding.py for the rules. */
export function words(text) {
  const found = fold(text).match(WORD) ?? [];
  const kept = new Set();
  for (let place = 0; place < found.length; place += 1) {
    const word = found[place];
    const after = found[place + 1] ?? "";
    if (DIGIT.test(word)) {
      const unit = UNITS.get(after) ?? "";
      if (unit) place += 1;
      const all = numbers(word);
      all.forEach((number, index) => kept.add(index === all.length - 1 ? number + unit : number));
    } else if (!(word === "x" && DIGIT.test(after))) {
      kept.add(word);
    }
  }
  return [...kept];
}

/** Tell whether every word asked for begins a word of the text. */
export function matches(asked, stored) {
  return asked.every((prefix) => stored.some((word) => word.startsWith(prefix)));
}
