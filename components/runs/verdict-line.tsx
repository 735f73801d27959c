import { joinClasses } from "#components/ui/join-classes.ts";
import { Shape, type ShapeName } from "#components/ui/shape.tsx";
import type { RunVerdict } from "#lib/view/run-verdict.ts";

const LOOK: Record<RunVerdict["tone"], { shape: ShapeName; className: string }> = {
  live: { shape: "play", className: "border-line bg-surface" },
  ok: { shape: "check", className: "border-line bg-surface" },
  attention: { shape: "triangle", className: "border-alarm-2/50 bg-alarm-2-soft [&>svg]:text-alarm-2" },
  alarm: { shape: "diamond", className: "border-alarm-1/50 bg-alarm-1-soft [&>svg]:text-alarm-1" },
};

/** What became of the run, in one line, before anything else. */
export function VerdictLine({ verdict }: { readonly verdict: RunVerdict }) {
  const look = LOOK[verdict.tone];
  return (
    <p
      role="status"
      aria-label="Verdict"
      className={joinClasses(
        "flex items-start gap-2.5 rounded-md border px-3.5 py-2.5 text-base font-medium",
        look.className,
      )}
    >
      <Shape name={look.shape} className="mt-1 size-3.5" />
      <span>{verdict.text}</span>
    </p>
  );
}
