import { type DurationMs, MINUTE } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import { formatCount } from "./count.ts";

/** To the millisecond, where a person still reads it: how far a step is off its plan is seen in the last figures. */
export const exactDuration = (ms: DurationMs): string =>
  ms < MINUTE ? `${formatCount(Math.round(ms))} ms` : formatDuration(ms);
