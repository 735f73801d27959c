"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { ownPath } from "#app/sign-in/next-path.ts";
import { type Refusal, refusal } from "#lib/result.ts";
import { signIn } from "#lib/supabase/auth.ts";
import { serverClient } from "#lib/supabase/server-client.ts";
import { COOKIE_PROBE } from "#lib/supabase/session.ts";

const form = z.object({ email: z.email(), password: z.string().min(1), next: z.string().nullish() });

/** Signs in and goes on to the page that was wanted; gives the refusal back when it does not. */
export async function enter(_before: Refusal | null, data: FormData): Promise<Refusal | null> {
  const parsed = form.safeParse({
    email: text(data.get("email")),
    password: data.get("password"),
    next: data.get("next"),
  });
  if (!parsed.success) {
    return refusal(
      422,
      "incomplete_form",
      "Not signed in: email or password is missing.",
      "Fill in both and try again.",
    );
  }
  if (!(await cookies()).has(COOKIE_PROBE.name)) {
    return refusal(
      400,
      "no_cookies",
      "Not signed in: this browser keeps no cookies for this page, and so no session.",
      "Allow cookies for this address, then load the page again.",
    );
  }
  const answer = await signIn(await serverClient(), parsed.data.email, parsed.data.password);
  if (!answer.ok) return answer;
  redirect(ownPath(parsed.data.next));
}

const text = (value: FormDataEntryValue | null): string => (typeof value === "string" ? value.trim() : "");
