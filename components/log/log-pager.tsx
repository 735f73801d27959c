import { Turn } from "#components/runs/pager.tsx";
import type { EpochMs } from "#lib/time.ts";
import { formatClock } from "#lib/time-format.ts";
import { counted } from "#lib/view/count.ts";

interface LogPagerProps {
  readonly shown: number;
  /** Looked so far back without filling the page. */
  readonly lookedUntil: EpochMs | null;
  readonly zone: string;
  /** Null where there is nothing that way. */
  readonly newestHref: string | null;
  readonly newerHref: string | null;
  readonly olderHref: string | null;
}

/** Which part of the log this is, and the ways to the parts beside it. */
export function LogPager({ shown, lookedUntil, zone, newestHref, newerHref, olderHref }: LogPagerProps) {
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center gap-3 px-4 py-2.5 text-xs text-ink-muted">
      <p>
        {counted(shown, "entry", "entries")}, newest first
        {lookedUntil === null
          ? ""
          : `; looked through until ${formatClock(lookedUntil, zone, "date-time")}, Older goes on from there`}
      </p>
      <div className="ml-auto flex gap-2">
        {newestHref === null ? null : <Turn href={newestHref} label="Newest" />}
        <Turn href={newerHref} label="Newer" />
        <Turn href={olderHref} label="Older" />
      </div>
    </nav>
  );
}
