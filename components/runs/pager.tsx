import { ChevronLeft, ChevronRight } from "lucide-react";
import Link from "next/link";
import { Button } from "#components/ui/button.tsx";
import { counted, formatCount } from "#lib/view/count.ts";

interface PagerProps {
  /** From 1. */
  readonly page: number;
  readonly size: number;
  readonly total: number;
  readonly hrefOf: (page: number) => string;
}

/** Which part of the list this is, and the ways to the parts beside it. */
export function Pager({ page, size, total, hrefOf }: PagerProps) {
  const pages = Math.max(1, Math.ceil(total / size));
  const first = (page - 1) * size + 1;
  const isBeyond = total > 0 && first > total;
  return (
    <nav aria-label="Pages" className="flex items-center gap-3 px-4 py-2.5 text-xs text-ink-muted">
      <p>
        {isBeyond ? `${formatCount(total)} runs, ${counted(pages, "page")}` : shownPart(first, size, total)}
      </p>
      <div className="ml-auto flex gap-2">
        <Turn isPossible={page > 1} href={hrefOf(isBeyond ? pages : page - 1)} label="Newer">
          <ChevronLeft className="size-4" aria-hidden="true" />
          Newer
        </Turn>
        <Turn isPossible={page < pages} href={hrefOf(page + 1)} label="Older">
          Older
          <ChevronRight className="size-4" aria-hidden="true" />
        </Turn>
      </div>
    </nav>
  );
}

const shownPart = (first: number, size: number, total: number): string =>
  total === 0 ? "No runs" : `${first} to ${Math.min(total, first + size - 1)} of ${formatCount(total)} runs`;

interface TurnProps {
  readonly isPossible: boolean;
  readonly href: string;
  readonly label: string;
  readonly children: React.ReactNode;
}

function Turn({ isPossible, href, label, children }: TurnProps) {
  if (!isPossible) {
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
