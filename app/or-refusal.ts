import "server-only";
import type { Refusal } from "#lib/result.ts";
import { ReadFault } from "#lib/supabase/call.ts";

/**
 * Turns a read that did not succeed into a value a page can explain. Next hides the words of what a server component
 * throws, so what a person must read has to be returned.
 */
export async function orRefusal<T>(reading: Promise<T>): Promise<{ ok: true; value: T } | Refusal> {
  try {
    return { ok: true, value: await reading };
  } catch (fault) {
    if (fault instanceof ReadFault) return fault.refusal;
    throw fault;
  }
}
