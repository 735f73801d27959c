import type { ReactNode } from "react";
import { joinClasses } from "#components/ui/join-classes.ts";
import { Shape, type ShapeName } from "#components/ui/shape.tsx";
import type { Origin } from "#lib/model/origin.ts";
import { formatCount } from "#lib/view/count.ts";

const TONES = {
  neutral: "border-line bg-sunken text-ink-muted",
  strong: "border-transparent bg-ink text-ink-inverse",
  accent: "border-transparent bg-accent-soft text-accent",
  hatched: "border-line-strong/60 hatched text-ink-muted",
  "alarm-1": "border-alarm-1/50 bg-alarm-1-soft text-alarm-1",
  "alarm-2": "border-alarm-2/50 bg-alarm-2-soft text-alarm-2",
  "alarm-3": "border-alarm-3/50 bg-alarm-3-soft text-alarm-3",
} as const;

export type BadgeTone = keyof typeof TONES;

interface BadgeProps {
  readonly tone?: BadgeTone;
  /** Required by eye for every alarm tone: colour never stands alone. */
  readonly shape?: ShapeName;
  readonly title?: string;
  readonly children: ReactNode;
}

/** A word in a small frame. */
export function Badge({ tone = "neutral", shape, title, children }: BadgeProps) {
  return (
    <span
      title={title}
      className={joinClasses(
        "inline-flex items-center gap-1 whitespace-nowrap rounded-sm border px-1.5 text-2xs font-medium leading-[1.125rem]",
        TONES[tone],
      )}
    >
      {shape ? <Shape name={shape} className="size-2.5" /> : null}
      {children}
    </span>
  );
}

const ORIGINS = {
  simulated: { word: "Simulated", title: "Produced by a simulated machine, not by hardware" },
  replay: { word: "Replay", title: "A recorded run, played again; no hardware moves now" },
} as const;

/** Marks whatever does not come from hardware that moves now; on every page that shows it. */
export function OriginBadge({ origin }: { readonly origin: Origin }) {
  if (origin === "hardware") return null;
  const { word, title } = ORIGINS[origin];
  return (
    <Badge tone="hatched" title={title}>
      {word}
    </Badge>
  );
}

/** How many steps left their planned duration behind; nothing when there are none. */
export function DeviationBadge({ count }: { readonly count: number }) {
  if (count === 0) return null;
  return (
    <Badge tone="alarm-2" shape="triangle">
      {formatCount(count)} {count === 1 ? "deviation" : "deviations"}
    </Badge>
  );
}
