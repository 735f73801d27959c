import { joinClasses } from "#components/ui/join-classes.ts";

interface MeterProps {
  /** 0..1; outside is clamped. */
  readonly fraction: number;
  /** Says the whole value to a reader, e.g. "Cycle 124 of 500". */
  readonly label: string;
  readonly isStale?: boolean;
  readonly className?: string;
}

/** A thin bar; numbers never animate, so neither does it. */
export function Meter({ fraction, label, isStale = false, className }: MeterProps) {
  const percent = Math.min(1, Math.max(0, fraction)) * 100;
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
      aria-valuetext={label}
      className={joinClasses("h-1 overflow-hidden rounded-full bg-track", className)}
    >
      <div
        className={joinClasses("h-full rounded-full", isStale ? "bg-mark-soft" : "bg-mark")}
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}
