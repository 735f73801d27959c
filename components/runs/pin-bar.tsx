import { GitCompareArrows, X } from "lucide-react";
import Link from "next/link";
import { Button } from "#components/ui/button.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import { MOST_COMPARED } from "#lib/model/run-list.ts";
import { counted } from "#lib/view/count.ts";

interface PinBarProps {
  readonly pinned: number;
  /** Of them, how many stand on this page of the list. */
  readonly here: number;
  /** One more was asked for than can be. */
  readonly isRefused: boolean;
  readonly compareHref: string;
  readonly onClear: () => void;
  readonly onDismiss: () => void;
}

/** How many runs are pinned, and what can be done with them. */
export function PinBar({ pinned, here, isRefused, compareHref, onClear, onDismiss }: PinBarProps) {
  if (pinned === 0) return null;
  return (
    <section aria-label="Pinned runs" className="grid gap-2">
      {isRefused ? (
        <RefusalBanner
          message={`Not pinned: ${MOST_COMPARED} runs are pinned already, and no more can be compared at once.`}
          hint="Take a pin away first."
          onDismiss={onDismiss}
        />
      ) : null}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-line bg-accent-soft px-4 py-2">
        <p role="status" className="text-sm">
          <strong className="font-semibold">{counted(pinned, "run")} pinned</strong>
          <span className="text-ink-muted">
            {here === pinned ? "" : `, ${here} on this page`}
            {pinned === MOST_COMPARED ? "; no more can be" : ""}
          </span>
        </p>
        <div className="ml-auto flex flex-wrap items-center gap-2">
          <Button asChild size="sm">
            <Link href={compareHref}>
              <GitCompareArrows className="size-3.5" aria-hidden="true" />
              Compare pinned
            </Link>
          </Button>
          <Button size="sm" variant="ghost" onClick={onClear}>
            <X className="size-3.5" aria-hidden="true" />
            Unpin all
          </Button>
        </div>
      </div>
    </section>
  );
}
