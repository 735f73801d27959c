import "server-only";
import { cache } from "react";
import { isId } from "#app/address/parsers.ts";
import { orRefusal } from "#app/or-refusal.ts";
import { fetchMachine } from "#lib/queries/fleet.ts";
import { serverClient } from "#lib/supabase/server-client.ts";

/** One consistent picture of the machine, read once per request, for the title and the page; null when there is none. */
export const readMachine = cache(async (id: string) => {
  if (!isId(id)) return { ok: true as const, value: null };
  return orRefusal(fetchMachine(await serverClient(), id));
});
