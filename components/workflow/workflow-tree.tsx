"use client";

import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { treeMove } from "#components/workflow/tree-keys.ts";
import { TreeRow } from "#components/workflow/tree-row.tsx";
import type { WorkflowRow } from "#lib/view/workflow-rows.ts";

interface WorkflowTreeProps {
  readonly rows: readonly WorkflowRow[];
  readonly selected: string | null;
  readonly onChoose: (key: string) => void;
  readonly onToggle: (key: string) => void;
}

/** Projects, subtasks and steps as an ARIA tree: arrows walk, Right opens, Left closes, Enter chooses, letters seek. */
export function WorkflowTree({ rows, selected, onChoose, onToggle }: WorkflowTreeProps) {
  const tree = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<string | null>(null);
  const isSelectedThere = rows.some((row) => row.key === selected);
  const isThere = (key: string | null) => rows.some((row) => row.key === key);
  const tabStop = isThere(focused) ? focused : isSelectedThere ? selected : rows[0]?.key;

  // What a link names, and what was just added, may be far down; on a phone its panel may lie over it.
  useEffect(() => {
    if (isSelectedThere) rowIn(tree.current, selected)?.scrollIntoView({ block: "nearest" });
  }, [isSelectedThere, selected]);

  const move = (key: string, event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = treeMove(rows, key, event.key);
    if (to === null) return;
    event.preventDefault();
    if (to.kind === "choose") onChoose(to.key);
    else if (to.kind === "focus") rowIn(tree.current, to.key)?.focus();
    else onToggle(to.key);
  };

  return (
    <div ref={tree} role="tree" aria-label="Projects, subtasks and steps" className="@container">
      {rows.map((row) => (
        <TreeRow
          key={row.key}
          row={row}
          isSelected={row.key === selected}
          isTabStop={row.key === tabStop}
          onChoose={() => onChoose(row.key)}
          onToggle={() => onToggle(row.key)}
          onKeyDown={(event) => move(row.key, event)}
          onFocus={() => setFocused(row.key)}
        />
      ))}
    </div>
  );
}

const rowIn = (tree: HTMLElement | null, key: string | null): HTMLElement | null =>
  tree?.querySelector<HTMLElement>(`[data-key="${key}"]`) ?? null;
