"use client";

import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { ZONE_COOKIE } from "#app/zone-cookie.ts";

/** In which zone a person wants times: the site's of what is shown (null), or one of their own. */
interface ZoneChoice {
  readonly chosen: string | null;
  readonly choose: (zone: string | null) => void;
}

const Context = createContext<ZoneChoice | null>(null);
const YEAR_S = 31_536_000;

interface ZoneProviderProps {
  /** As the server read it, so that the first drawing has the times that the page keeps. */
  readonly initial: string | null;
  readonly children: ReactNode;
}

export function ZoneProvider({ initial, children }: ZoneProviderProps) {
  const [chosen, setChosen] = useState(initial);
  const choice = useMemo(
    () => ({
      chosen,
      choose: (zone: string | null) => {
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere yet
        document.cookie = `${ZONE_COOKIE}=${encodeURIComponent(zone ?? "")}; path=/; max-age=${YEAR_S}; samesite=lax`;
        setChosen(zone);
      },
    }),
    [chosen],
  );
  return <Context value={choice}>{children}</Context>;
}

export function useZoneChoice(): ZoneChoice {
  const choice = useContext(Context);
  if (!choice) throw new Error("useZoneChoice outside ZoneProvider");
  return choice;
}

/** The IANA zone to write times in: the person's, else the site's, else UTC. */
export const useZone = (site: string | null): string => useZoneChoice().chosen ?? site ?? "UTC";
