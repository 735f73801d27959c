import { ChevronLeft, ChevronRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import type { RunCount } from "#lib/model/run-list.ts";
import { formatCount } from "#lib/view/count.ts";

interface PagerProps {
  /** How many runs this page shows. */
  readonly shown: number;
  readonly isFirst: boolean;
  readonly count: RunCount;
  /** Null where there is nothing that way. */
  readonly firstHref: string | null;
  readonly previousHref: string | null;
  readonly nextHref: string | null;
}

/** Which part of the list this is, and the ways to the parts beside it. */
export function Pager({ shown, isFirst, count, firstHref, previousHref, nextHref }: PagerProps) {
  return (
    <nav aria-label="Pages" className="flex flex-wrap items-center gap-3 px-4 py-2.5 text-xs text-ink-muted">
      <p>{partShown(shown, isFirst, count)}</p>
      <div className="ml-auto flex gap-2">
        {firstHref === null ? null : <Turn href={firstHref} label="First" />}
        <Turn href={previousHref} label="Previous">
          <ChevronLeft className="size-4" aria-hidden="true" />
          Previous
        </Turn>
        <Turn href={nextHref} label="Next">
          Next
          <ChevronRight className="size-4" aria-hidden="true" />
        </Turn>
      </div>
    </nav>
  );
}

function partShown(shown: number, isFirst: boolean, { count, isCapped }: RunCount): string {
  if (count === 0) return "No runs";
  const all = `${isCapped ? "more than " : ""}${formatCount(count)} runs`;
  return isFirst && shown > 0 ? `1 to ${shown} of ${all}` : `${shown} of ${all}`;
}

interface TurnProps {
  readonly href: string | null;
  readonly label: string;
  readonly children?: ReactNode;
}

export function Turn({ href, label, children = label }: TurnProps) {
  if (href === null) {
    return (
      <Button size="sm" disabled aria-label={`${label}: there are none`}>
        {children}
      </Button>
    );
  }
  return (
    <Button size="sm" asChild>
      <Link href={href}>{children}</Link>
    </Button>
  );
}
