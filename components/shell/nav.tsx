"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { joinClasses } from "#components/ui/join-classes.ts";

const PLACES = [
  { href: "/", name: "Fleet", isHere: (path: string) => path === "/" || path.startsWith("/machines") },
  { href: "/runs", name: "Runs", isHere: (path: string) => path.startsWith("/runs") },
  { href: "/recipes", name: "Recipes", isHere: (path: string) => path.startsWith("/recipes") },
  { href: "/workflow", name: "Workflow", isHere: (path: string) => path.startsWith("/workflow") },
  { href: "/log", name: "Log", isHere: (path: string) => path.startsWith("/log") },
  { href: "/system", name: "System", isHere: (path: string) => path.startsWith("/system") },
] as const;

export function Nav() {
  const path = usePathname();
  return (
    <nav
      aria-label="Main"
      className="flex h-full min-w-0 overflow-x-auto [scrollbar-width:none] max-sm:scroll-pr-6 max-sm:pr-6 max-sm:mask-r-from-[calc(100%-1.5rem)] md:shrink-0"
    >
      {PLACES.map(({ href, name, isHere }) => (
        <Link
          key={href}
          href={href}
          ref={isHere(path) ? bringIntoSight : null}
          aria-current={isHere(path) ? "page" : undefined}
          className={joinClasses(
            "flex h-full items-center border-b-2 px-1.5 sm:px-2 2xl:px-3 text-sm font-medium focus-visible:-outline-offset-2",
            isHere(path) ? "border-accent text-ink" : "border-transparent text-ink-muted hover:text-ink",
          )}
        >
          {name}
        </Link>
      ))}
    </nav>
  );
}

/** On a phone the places go beyond the edge; the one that is open is in sight. Its own scrolling would move the focus along. */
function bringIntoSight(place: HTMLElement | null): void {
  const row = place?.parentElement;
  if (!place || !row) return;
  const [here, all] = [place.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += here.left + here.width / 2 - (all.left + all.width / 2);
}
