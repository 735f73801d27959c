"use server";

import { redirect } from "next/navigation";
import { signOut } from "#lib/supabase/auth.ts";
import { serverClient } from "#lib/supabase/server-client.ts";

/** Ends this browser's session. Without an answer from the sign-in service the cookies are gone all the same. */
export async function leave(): Promise<void> {
  await signOut(await serverClient());
  redirect("/sign-in");
}
