/** The two versions to lay beside each other. */
export type VersionPair = { from: number; to: number };

/**
 * What the address asks for, else the newest version and the one before it; null while there is only one. `versions`
 * newest first. A number that was asked for is kept though it may not be there: the page says so.
 */
export function versionPair(
  versions: readonly { version: number }[],
  asked: { from: number | null; to: number | null },
): VersionPair | null {
  const to = asked.to ?? versions[0]?.version;
  const from = asked.from ?? versions.find(({ version }) => to !== undefined && version < to)?.version;
  return to === undefined || from === undefined ? null : { from, to };
}
