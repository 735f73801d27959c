import Link from "next/link";
import type { ReactNode } from "react";
import { Nav } from "#components/shell/nav.tsx";
import { Wordmark } from "#components/shell/wordmark.tsx";

interface SiteHeaderProps {
  /** The links with their ages. */
  readonly links: ReactNode;
  /** Time with zone. */
  readonly clock: ReactNode;
  /** "Simulated", review, whatever qualifies everything below. */
  readonly badges: ReactNode;
  /** Person menu and theme. */
  readonly corner: ReactNode;
}

/** The same on every page: where you can go, whether what you see is true, what time it is, who you are. */
export function SiteHeader({ links, clock, badges, corner }: SiteHeaderProps) {
  return (
    <header className="sticky top-0 z-30 border-b print:hidden border-line bg-surface/95 backdrop-blur-sm">
      <div className="flex h-12 items-center gap-2 px-3 sm:gap-4 sm:px-5">
        <Link href="/" aria-label="Pulseboard, fleet" className="flex items-center rounded-sm">
          <Wordmark isShortWhenNarrow />
        </Link>
        <Nav />
        <div className="ml-auto hidden min-w-0 items-center gap-3 overflow-hidden min-[88rem]:flex">
          {badges}
          {links}
          {clock}
        </div>
        <div className="ml-auto flex items-center min-[88rem]:ml-0">{corner}</div>
      </div>
      <div className="flex min-h-9 flex-wrap items-center gap-x-2 border-t border-line px-2 min-[88rem]:hidden">
        {links}
        <div className="ml-auto flex items-center gap-2 pr-1">
          {badges}
          {clock}
        </div>
      </div>
    </header>
  );
}
