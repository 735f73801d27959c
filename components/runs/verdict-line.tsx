import { joinClasses } from "#components/ui/join-classes.ts";
import { Shape, type ShapeName } from "#components/ui/shape.tsx";
import type { RunVerdict } from "#lib/view/run-verdict.ts";

const LOOK: Record<RunVerdict["tone"], { shape: ShapeName; className: string }> = {
  live: { shape: "play", className: "border-line" },
  ok: { shape: "check", className: "border-line" },
  attention: { shape: "triangle", className: "border-line border-l-4 border-l-alarm-2 [&>svg]:text-alarm-2" },
  alarm: { shape: "diamond", className: "border-line border-l-4 border-l-alarm-1 [&>svg]:text-alarm-1" },
};

/** What became of the run, in one line, before anything else. */
export function VerdictLine({ verdict }: { readonly verdict: RunVerdict }) {
  const look = LOOK[verdict.tone];
  return (
    <p
      className={joinClasses(
        "flex items-start gap-2.5 rounded-lg border bg-surface px-4 py-3 text-base font-semibold shadow-low",
        look.className,
      )}
    >
      <Shape name={look.shape} className="mt-1 size-3.5" />
      <span className="min-w-0 [overflow-wrap:anywhere]">{verdict.text}</span>
    </p>
  );
}
