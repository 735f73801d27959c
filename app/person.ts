import "server-only";
import { cache } from "react";
import type { Person } from "#lib/model/person.ts";
import { fetchPerson } from "#lib/queries/person.ts";
import { serverClient } from "#lib/supabase/server-client.ts";

/** The person this request is for, read once per request; null when signed out. */
export const currentPerson = cache(async (): Promise<Person | null> => fetchPerson(await serverClient()));
