/** Longer names would fill a question or a sentence with nothing else. */
const LONGEST = 80;
/** Letters that are written from right to left, and would turn the words and figures around them. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

/** A name as it stands in a sentence of plain text; where it stands for itself it is shown whole. */
export function nameText(name: string): string {
  const characters = Array.from(name.slice(0, 2 * (LONGEST + 1)));
  const cut = characters.length > LONGEST ? `${characters.slice(0, LONGEST).join("")}…` : name;
  return RIGHT_TO_LEFT.test(cut) ? `\u2068${cut}\u2069` : cut;
}
