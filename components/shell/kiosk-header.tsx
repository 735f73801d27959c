import Link from "next/link";
import type { ReactNode } from "react";
import { Wordmark } from "#components/shell/wordmark.tsx";

interface KioskHeaderProps {
  readonly links: ReactNode;
  readonly clock: ReactNode;
  readonly badges: ReactNode;
  /** The screen of this browser may go dark. */
  readonly maySleep: boolean;
  readonly leaveHref: string;
}

/** Of a wall display: whether what is shown is true, what time it is, and the way out. */
export function KioskHeader({ links, clock, badges, maySleep, leaveHref }: KioskHeaderProps) {
  return (
    <header data-kiosk className="sticky top-0 z-30 border-b border-line bg-surface/95 backdrop-blur-sm">
      <div className="flex min-h-12 flex-wrap items-center gap-x-4 px-3 sm:px-5">
        <Wordmark isShortWhenNarrow />
        <div className="ml-auto flex min-w-0 flex-wrap items-center gap-3">
          {badges}
          {links}
          {clock}
          {maySleep ? (
            <span className="text-xs text-ink-muted">This screen may go dark: set it to stay on.</span>
          ) : null}
          <Link href={leaveHref} className="link flex min-h-11 items-center text-xs">
            Leave wall display
          </Link>
        </div>
      </div>
    </header>
  );
}
