import type { MachineState } from "#lib/model/machine.ts";
import { type EpochMs, elapsed } from "#lib/time.ts";
import { formatClockWithZone, formatDuration } from "#lib/time-format.ts";

interface StatusNoteProps {
  readonly state: MachineState | null;
  readonly now: EpochMs;
  readonly zone: string;
}

/** Since when the machine has been in its state. */
export function StatusNote({ state, now, zone }: StatusNoteProps) {
  if (state?.since == null) return null;
  return (
    <span className="tabular-nums">
      since {formatClockWithZone(state.since, zone)}, {formatDuration(elapsed(state.since, now))}
    </span>
  );
}
