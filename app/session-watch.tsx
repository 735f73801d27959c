"use client";

import { useEffect } from "react";
import { watchOtherPages } from "#lib/supabase/browser-session.ts";

interface SessionWatchProps {
  readonly personId: string;
}

/**
 * Leaves the page, with all it knows, when its person signs out on another one, and draws it anew when somebody else
 * signs in there. A session that merely ended leaves what was last known, greyed, until somebody signs in.
 */
export function SessionWatch({ personId }: SessionWatchProps) {
  useEffect(
    () =>
      watchOtherPages(personId, {
        signedOut: () => {
          const here = location.pathname + location.search;
          location.replace(`/sign-in?next=${encodeURIComponent(here)}`);
        },
        otherPerson: () => location.reload(),
      }),
    [personId],
  );
  return null;
}
