/** A part of the address that says nothing to the page, and why. */
export type Ignored = { readonly name: string; readonly why: string };

type Reader = { parse(text: string): unknown };

const SHOWN_CHARACTERS = 40;

/** The text as it stands in the address, kept from turning the sentence around it and from filling it. */
const quoted = (text: string): string =>
  `“\u2068${text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text}\u2069”`;

/**
 * The parameters of an address that were given and cannot be read. `wanted` says of each what it should be, as in
 * "is not …". Parameters without a reader are not ours.
 */
export function ignoredParams<Name extends string>(
  readers: Readonly<Record<Name, Reader>>,
  wanted: Readonly<Record<Name, string>>,
  search: Pick<URLSearchParams, "getAll">,
): readonly Ignored[] {
  const names = Object.keys(readers) as Name[];
  return names.flatMap((name) => {
    const [text, ...others] = search.getAll(name);
    if (text === undefined || text === "") return [];
    if (readers[name].parse(text) === null) return [{ name, why: `${quoted(text)} is not ${wanted[name]}` }];
    return others.length > 0 ? [{ name, why: "is given more than once, and only the first counts" }] : [];
  });
}

/** One sentence about all that was ignored; null when nothing was. */
export function ignoredSentence(ignored: readonly Ignored[]): string | null {
  if (ignored.length === 0) return null;
  return `Ignored in the address: ${ignored.map(({ name, why }) => `${name} ${why}`).join("; ")}.`;
}
