import { ProgramChanges } from "#components/start/program-changes.tsx";
import { counted } from "#lib/view/count.ts";
import type { ProgramDiff } from "#lib/view/program-diff.ts";

/** In how much two programs differ, what that comes to, and each difference. */
export function ProgramDifferences({ diff }: { readonly diff: ProgramDiff }) {
  const count = diff.settings.length + diff.steps.length;
  return (
    <>
      <p className="border-b border-line px-4 py-2 text-sm">
        <strong className="font-semibold">{counted(count, "difference")}</strong>
        {diff.totals.map(({ label, from, to }) => (
          <span key={label} className="text-ink-muted">
            {" · "}
            {label} {from} → {to}
          </span>
        ))}
      </p>
      <ProgramChanges settings={diff.settings} steps={diff.steps} />
    </>
  );
}
