import type { WorkflowRow } from "#lib/view/workflow-rows.ts";

export type TreeMove =
  | { kind: "focus"; key: string }
  | { kind: "open" | "close"; key: string }
  | { kind: "choose"; key: string };

/** What a key does in the tree, as the ARIA tree pattern has it; null when the tree has no use for it. */
export function treeMove(rows: readonly WorkflowRow[], focused: string, pressed: string): TreeMove | null {
  const at = rows.findIndex((row) => row.key === focused);
  const row = rows[at];
  if (row === undefined) return null;
  const focus = (to: WorkflowRow | undefined): TreeMove | null =>
    to === undefined || to === row ? null : { kind: "focus", key: to.key };
  switch (pressed) {
    case "ArrowDown":
      return focus(rows[at + 1]);
    case "ArrowUp":
      return focus(rows[at - 1]);
    case "Home":
      return focus(rows[0]);
    case "End":
      return focus(rows.at(-1));
    case "ArrowRight":
      return row.isOpen === false ? { kind: "open", key: row.key } : row.isOpen ? focus(rows[at + 1]) : null;
    case "ArrowLeft":
      if (row.isOpen) return { kind: "close", key: row.key };
      return focus(rows.find((other) => other.key === row.parentKey));
    case "Enter":
    case " ":
      return { kind: "choose", key: row.key };
    default:
      return focus(nextBeginningWith(rows, at, pressed));
  }
}

/** The next row, around the end, whose name begins with the letter typed. */
function nextBeginningWith(
  rows: readonly WorkflowRow[],
  at: number,
  pressed: string,
): WorkflowRow | undefined {
  if ([...pressed].length !== 1) return undefined;
  const letter = pressed.toLowerCase();
  return [...rows.slice(at + 1), ...rows.slice(0, at)].find((row) =>
    row.name.toLowerCase().startsWith(letter),
  );
}
