import type { Person } from "#lib/model/person.ts";

/** Who asked, as a screen calls them: the reader as "you", others by name where a read has told it. */
export function personName(id: string | null, name: string | null, reader: Person): string {
  if (id === null) return "the system";
  if (id === reader.id) return "you";
  return name ?? "somebody else";
}
