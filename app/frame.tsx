import type { ReactNode } from "react";
import { Header } from "#app/header.tsx";
import { orRefusal } from "#app/or-refusal.ts";
import { currentPerson } from "#app/person.ts";
import { leave } from "#app/session-actions.ts";
import { SessionWatch } from "#app/session-watch.tsx";
import { Page } from "#components/shell/page.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

/** The header around every page of a signed-in person. Without an answer about the person the page still explains itself. */
export async function Frame({ children }: { readonly children: ReactNode }) {
  const person = await orRefusal(currentPerson());
  if (!person.ok || person.value === null) return children;

  return (
    <>
      <SessionWatch personId={person.value.id} />
      <Header person={person.value} onSignOut={leave} />
      {person.value.isActive ? children : <DisabledProfile />}
    </>
  );
}

function DisabledProfile() {
  return (
    <Page>
      <EmptyState title="Your profile is not active">
        You are signed in, but nothing may be shown to you. Ask an administrator to activate your profile.
      </EmptyState>
    </Page>
  );
}
