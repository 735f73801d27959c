import { usePathname, useSearchParams } from "next/navigation";

/** A wall display: what is shown is read, and nothing on it is pressed. */
export interface Kiosk {
  readonly isOn: boolean;
  /** This page as a wall display, or out of it; null for a page that is none. */
  readonly href: string | null;
}

/** Pages that are worth a wall. */
const ON_A_WALL = /^\/(machines\/[^/]+)?$/;

/** Whether this page is a wall display: `?kiosk=1` in its address. */
export function useKiosk(): Kiosk {
  const path = usePathname();
  const search = useSearchParams();
  if (!ON_A_WALL.test(path)) return { isOn: false, href: null };
  const isOn = search.get("kiosk") === "1";
  const next = new URLSearchParams(search.toString());
  if (isOn) next.delete("kiosk");
  else next.set("kiosk", "1");
  return { isOn, href: next.size > 0 ? `${path}?${next}` : path };
}
