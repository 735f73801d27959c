"use client";

import { type ReactNode, useState } from "react";

interface ChartFrameProps {
  readonly title: string;
  /** The reading in words and numbers, so the picture is never the only source. */
  readonly reading: ReactNode;
  /** The same values as a table, folded away and not built before it is asked for. */
  readonly table: ReactNode;
  readonly children: ReactNode;
}

/** A chart with its name, its reading and its table. */
export function ChartFrame({ title, reading, table, children }: ChartFrameProps) {
  const [isTableOpen, setIsTableOpen] = useState(false);
  return (
    <figure className="min-w-0">
      <figcaption className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 pb-1">
        <span className="line-clamp-2 min-w-0 text-sm font-semibold [overflow-wrap:anywhere]">{title}</span>
        <span className="text-xs text-ink-muted">{reading}</span>
      </figcaption>
      {children}
      <details className="mt-1 text-xs" onToggle={(event) => setIsTableOpen(event.currentTarget.open)}>
        <summary className="w-fit cursor-pointer rounded-sm text-ink-faint hover:text-ink">
          As a table
        </summary>
        {isTableOpen ? (
          <div className="mt-2 max-h-72 overflow-auto rounded-md border border-line">{table}</div>
        ) : null}
      </details>
    </figure>
  );
}
