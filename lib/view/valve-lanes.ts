import type { Program, ProgramStep } from "#lib/model/program.ts";
import { isStepOpen, type StepExecution } from "#lib/model/step.ts";
import { type DurationMs, durationMs, type EpochMs, elapsed, later } from "#lib/time.ts";
import { deviceStart, knownDuration } from "./device-clock.ts";

/** A stretch of the controller's clock. */
export type LaneWindow = { from: EpochMs; to: EpochMs };

export type LaneBar = {
  seq: number;
  /** 0..1 of the window; both ends lie inside it. */
  start: number;
  end: number;
  /** Narrower than can be seen: draw it at the least width. */
  isShort: boolean;
  isOpen: boolean;
  /** The step goes on beyond this edge of the window. */
  crossesStart: boolean;
  crossesEnd: boolean;
  isDeviation: boolean;
  name: string;
  plannedMs: DurationMs | null;
  measuredMs: DurationMs | null;
  durationMs: DurationMs;
};

export type Lane = {
  key: string;
  label: string;
  kind: StepExecution["stepType"];
  valveNumber: number | null;
  bars: readonly LaneBar[];
};

type Options = {
  /** Valves of this program get a lane even while they rest. */
  program?: Program | null;
  /** Bars narrower than this part of the window are marked short. */
  leastFraction?: number;
};

/** The window of `spanMs` that ends at `deviceNow`. */
export const liveWindow = (at: EpochMs, spanMs: number): LaneWindow => ({ from: later(at, -spanMs), to: at });

/** The window that holds all of `steps`, up to `deviceNow` while one is open; null without steps. */
export function windowOf(steps: readonly StepExecution[], at: EpochMs | null): LaneWindow | null {
  const first = steps[0];
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return null;
  const end = isStepOpen(last) && at !== null ? at : endOf(last, undefined, at);
  return { from: deviceStart(first), to: later(end, end > deviceStart(first) ? 0 : 1) };
}

/**
 * Steps as bars, one lane per valve and one for each other kind. Steps that cross an edge are kept and clipped; an
 * open step reaches `deviceNow`. `steps` ascend by seq.
 */
export function valveLanes(
  steps: readonly StepExecution[],
  window: LaneWindow,
  at: EpochMs | null,
  { program = null, leastFraction = 0.002 }: Options = {},
): Lane[] {
  const lanes = new Map<string, Lane & { bars: LaneBar[] }>();
  for (const valve of program ? valvesOf(program) : [])
    lanes.set(`valve ${valve}`, emptyLane("valve", valve));
  for (const [index, step] of steps.entries()) {
    const key = step.stepType === "valve" ? `valve ${step.valveNumber ?? "?"}` : step.stepType;
    const lane = lanes.get(key) ?? emptyLane(step.stepType, step.valveNumber);
    lanes.set(key, lane);
    const bar = barOf(step, endOf(step, steps[index + 1], at), window, leastFraction);
    if (bar !== null) lane.bars.push(bar);
  }
  return [...lanes.values()].sort(byOrder);
}

const kinds = ["valve", "purge", "parameter", "wait"] as const;

const byOrder = (a: Lane, b: Lane): number =>
  kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (a.valveNumber ?? 0) - (b.valveNumber ?? 0);

const labels = { valve: "Valve", purge: "Purge", parameter: "Parameter", wait: "Wait" } as const;

function emptyLane(kind: Lane["kind"], valveNumber: number | null): Lane & { bars: LaneBar[] } {
  const number = kind === "valve" ? valveNumber : null;
  const suffix = kind === "valve" ? ` ${number ?? "?"}` : "";
  return { key: `${kind}${suffix}`, label: `${labels[kind]}${suffix}`, kind, valveNumber: number, bars: [] };
}

/** Where a step ends: measured, else where the next began, else recorded; an open one reaches now. */
function endOf(step: StepExecution, next: StepExecution | undefined, at: EpochMs | null): EpochMs {
  const start = deviceStart(step);
  if (step.measuredMs !== null) return later(start, step.measuredMs);
  if (next !== undefined) return deviceStart(next);
  if (isStepOpen(step)) return at === null || at < start ? start : at;
  return later(start, knownDuration(step) ?? 0);
}

function barOf(step: StepExecution, end: EpochMs, window: LaneWindow, leastFraction: number): LaneBar | null {
  const start = deviceStart(step);
  const span = elapsed(window.from, window.to);
  if (span <= 0 || end < window.from || start > window.to) return null;
  const from = Math.max(0, elapsed(window.from, start) / span);
  const to = Math.min(1, elapsed(window.from, end) / span);
  return {
    seq: step.seq,
    start: from,
    end: to,
    isShort: to - from < leastFraction,
    isOpen: isStepOpen(step),
    crossesStart: start < window.from,
    crossesEnd: end > window.to,
    isDeviation: step.isDeviation,
    name: step.stepName,
    plannedMs: step.plannedMs,
    measuredMs: step.measuredMs,
    durationMs: durationMs(elapsed(start, end)),
  };
}

const valves = new WeakMap<Program, readonly number[]>();

function valvesOf(program: Program): readonly number[] {
  const known = valves.get(program);
  if (known) return known;
  const found = new Set<number>();
  const pending: ProgramStep[] = [...program.steps];
  for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
    if (step.type === "valve") found.add(step.valve_number);
    if (step.type === "loop") pending.push(...step.children);
  }
  const list = [...found].sort((a, b) => a - b);
  valves.set(program, list);
  return list;
}
