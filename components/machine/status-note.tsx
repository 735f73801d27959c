import type { MachineState } from "#lib/model/machine.ts";
import { type EpochMs, elapsed, SECOND } from "#lib/time.ts";
import { formatClockWithZone, formatDuration } from "#lib/time-format.ts";

interface StatusNoteProps {
  readonly state: MachineState | null;
  readonly now: EpochMs;
  readonly zone: string;
}

/** Since when the machine has been in its state. */
export function StatusNote({ state, now, zone }: StatusNoteProps) {
  if (state?.since == null) return null;
  const lasted = elapsed(state.since, now);
  return (
    <span className="tabular-nums">
      since {formatClockWithZone(state.since, zone)}, {lasted < SECOND ? "just now" : formatDuration(lasted)}
    </span>
  );
}
