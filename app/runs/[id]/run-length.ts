import { isRunEnded } from "#lib/model/run.ts";
import type { LiveRun } from "#lib/model/snapshot.ts";
import type { EpochMs } from "#lib/time.ts";
import { deviceNow } from "#lib/view/device-clock.ts";

/** How long the run is on the controller's clock: to its live edge, or to the end of its last step. */
export function runLength({ run, steps, totals }: LiveRun, now: EpochMs): number {
  const begin = totals.firstDeviceStartedAt;
  if (begin === null) return 0;
  if (isRunEnded(run.status)) return (totals.lastDeviceEndedAt ?? begin) - begin;
  return Math.max(0, (deviceNow(run, steps, now) ?? begin) - begin);
}
