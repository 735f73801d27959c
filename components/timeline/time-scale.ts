/** A stretch of a run in ms on the controller's clock, from the run's first step. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The one place where milliseconds become pixels. */
export interface TimeScale extends TimeWindow {
  readonly width: number;
  readonly msPerPixel: number;
  readonly x: (ms: number) => number;
  readonly msAt: (x: number) => number;
}

export function timeScale({ fromMs, toMs }: TimeWindow, width: number): TimeScale {
  const msPerPixel = (toMs - fromMs) / Math.max(1, width);
  return {
    fromMs,
    toMs,
    width,
    msPerPixel,
    x: (ms) => (ms - fromMs) / msPerPixel,
    msAt: (x) => fromMs + x * msPerPixel,
  };
}

/** No narrower than this: below it there is nothing a controller measures. */
const NARROWEST_MS = 1;

/** The window grown (`factor` > 1) or narrowed about `aboutMs`, kept inside 0..`durationMs`. */
export function zoomWindow(
  window: TimeWindow,
  factor: number,
  aboutMs: number,
  durationMs: number,
): TimeWindow {
  const span = window.toMs - window.fromMs;
  const next = Math.min(Math.max(span * factor, NARROWEST_MS), Math.max(durationMs, NARROWEST_MS));
  const share = (aboutMs - window.fromMs) / span;
  return keepInside({ fromMs: aboutMs - share * next, toMs: aboutMs + (1 - share) * next }, durationMs);
}

/** The window moved by `ms`, kept inside 0..`durationMs`. */
export function panWindow(window: TimeWindow, ms: number, durationMs: number): TimeWindow {
  return keepInside({ fromMs: window.fromMs + ms, toMs: window.toMs + ms }, durationMs);
}

function keepInside({ fromMs, toMs }: TimeWindow, durationMs: number): TimeWindow {
  const span = toMs - fromMs;
  // Rounding must not leave a run a hair short of whole.
  if (span >= durationMs - 1e-6) return { fromMs: 0, toMs: Math.max(durationMs, NARROWEST_MS) };
  const from = Math.min(Math.max(0, fromMs), durationMs - span);
  return { fromMs: from, toMs: from + span };
}

const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3, 900e3,
  1800e3, 3600e3, 7200e3, 10800e3, 21600e3, 43200e3, 86400e3,
];

/** Round marks for an axis, about `pixelsApart` px from each other; the step tells how finely to write them. */
export function timeTicks(
  scale: TimeScale,
  pixelsApart = 90,
): { readonly stepMs: number; readonly at: readonly number[] } {
  const wanted = scale.msPerPixel * pixelsApart;
  const stepMs = STEPS_MS.find((step) => step >= wanted) ?? Math.ceil(wanted / 86400e3) * 86400e3;
  const at: number[] = [];
  for (let ms = Math.ceil(scale.fromMs / stepMs) * stepMs; ms <= scale.toMs; ms += stepMs) at.push(ms);
  return { stepMs, at };
}

/** A place on the run's own clock: "1:02:03", "4:05.250", with as many digits as `stepMs` needs. */
export function formatOffset(ms: number, stepMs: number): string {
  const sign = ms < 0 ? "−" : "";
  const decimals = stepMs >= 1000 ? 0 : stepMs >= 100 ? 1 : stepMs >= 10 ? 2 : 3;
  const total = Math.round(Math.abs(ms) * 10 ** (decimals - 3));
  const seconds = total / 10 ** decimals;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = (seconds % 60).toFixed(decimals).padStart(decimals > 0 ? decimals + 3 : 2, "0");
  return hours > 0
    ? `${sign}${hours}:${String(minutes).padStart(2, "0")}:${rest}`
    : `${sign}${minutes}:${rest}`;
}

/** How finely places in this window are worth writing: about a hundredth of it. */
export const offsetStep = ({ fromMs, toMs }: TimeWindow): number => Math.max(1, (toMs - fromMs) / 100);
