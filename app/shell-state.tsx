"use client";

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import type { LinkView } from "#components/shell/link-strip.tsx";
import type { Origin } from "#lib/model/origin.ts";

/** What the page below tells the header above it. */
export interface ShellFacts {
  readonly links: readonly LinkView[];
  readonly origin: Origin;
  /** IANA zone of the site the page is about. */
  readonly zone: string | null;
}

const NOTHING: ShellFacts = { links: [], origin: "hardware", zone: null };

const Facts = createContext<ShellFacts>(NOTHING);
const Publish = createContext<((facts: ShellFacts) => void) | null>(null);

export function ShellStateProvider({ children }: { readonly children: ReactNode }) {
  const [facts, publish] = useState(NOTHING);
  return (
    <Publish value={publish}>
      <Facts value={facts}>{children}</Facts>
    </Publish>
  );
}

export const useShellFacts = (): ShellFacts => useContext(Facts);

/** Puts this page's links, badge and zone in the header for as long as the page is shown. Memoise `links`. */
export function usePublishToShell({ links, origin, zone }: ShellFacts): void {
  const publish = useContext(Publish);
  if (!publish) throw new Error("usePublishToShell outside ShellStateProvider");
  const facts = useMemo(() => ({ links, origin, zone }), [links, origin, zone]);

  useEffect(() => publish(facts), [publish, facts]);
  useEffect(() => () => publish(NOTHING), [publish]);
}
