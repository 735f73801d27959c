import type { Metadata } from "next";
import { enter } from "#app/sign-in/actions.ts";
import { demoUsers } from "#app/sign-in/demo-users.ts";
import { ownPath } from "#app/sign-in/next-path.ts";
import { SignInScreen } from "#app/sign-in/sign-in-screen.tsx";
import { serverConfig } from "#lib/supabase/server-client.ts";

export const metadata: Metadata = { title: "Sign in" };

interface SignInPageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { next } = await searchParams;
  return (
    <SignInScreen
      next={ownPath(next)}
      demoUsers={serverConfig().isEmbedded ? demoUsers : []}
      onSignIn={enter}
    />
  );
}
