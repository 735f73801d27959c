import { isStepOpen, type StepExecution } from "#lib/model/step.ts";
import type { LoopLevel, LoopPass } from "#lib/model/timeline.ts";
import type { EpochMs } from "#lib/time.ts";

/** The passes that steps in order of seq went through, each up to the next one's first step; ms from `origin`. */
export function livePasses(steps: readonly StepExecution[], origin: EpochMs): readonly LoopLevel[] {
  const depth = Math.max(0, ...steps.map(({ loopPath }) => loopPath.length));
  return Array.from({ length: depth }, (_, index) => ({
    depth: index + 1,
    passes: passesAt(index + 1, steps, origin),
  }));
}

function passesAt(depth: number, steps: readonly StepExecution[], origin: EpochMs): LoopPass[] {
  const passes: LoopPass[] = [];
  let before: string | null = null;
  for (const step of steps) {
    if (step.deviceStartedAt === null) continue;
    const startMs = step.deviceStartedAt - origin;
    const last = passes.at(-1);
    if (last && before !== null) last.endMs = startMs;
    const iteration = step.loopPath[depth - 1];
    const path = iteration === undefined ? null : step.loopPath.slice(0, depth).join(".");
    // A pass that is still going on reaches whatever is now.
    const endMs = isStepOpen(step) ? Number.POSITIVE_INFINITY : startMs + (step.measuredMs ?? 0);
    if (path !== null && path === before && last) last.endMs = endMs;
    else if (iteration !== undefined) {
      passes.push({ startMs, endMs, seq: step.seq, fromIteration: iteration, toIteration: iteration });
    }
    before = path;
  }
  return passes;
}

/** Fetched passes with the live ones put over their end; one that goes on across the edge stays one. */
export function withLivePasses(
  fetched: readonly LoopLevel[],
  live: readonly LoopLevel[],
  edgeMs: number | null,
): readonly LoopLevel[] {
  if (edgeMs === null) return fetched;
  const depth = Math.max(fetched.length, live.length);
  return Array.from({ length: depth }, (_, index) => {
    const before = (fetched[index]?.passes ?? []).filter(({ startMs }) => startMs < edgeMs);
    const [first, ...later] = live[index]?.passes ?? [];
    const last = before.at(-1);
    const goesOn = first && last && last.endMs >= first.startMs && last.toIteration === first.fromIteration;
    const joined = goesOn
      ? [{ ...last, endMs: first.endMs }]
      : [...(last ? [{ ...last, endMs: Math.min(last.endMs, edgeMs) }] : []), ...(first ? [first] : [])];
    return { depth: index + 1, passes: [...before.slice(0, -1), ...joined, ...later] };
  });
}

/** Where in its loops a run is at a moment, outermost first: "3 · 12–40"; null outside of every loop. */
export function loopsText(levels: readonly LoopLevel[], ms: number): string | null {
  const at = levels.flatMap(({ passes }) => {
    const pass = passes.findLast(({ startMs }) => startMs <= ms);
    return pass && ms < pass.endMs ? [iterationText(pass)] : [];
  });
  return at.length === 0 ? null : at.join(" · ");
}

/** "12", or "12–40" where several share a pixel. */
export const iterationText = ({ fromIteration, toIteration }: LoopPass): string =>
  fromIteration === toIteration ? String(fromIteration) : `${fromIteration}–${toIteration}`;

/**
 * The pass of the innermost loop that begins next after a moment (1), or last before it (-1). The first pass may have begun
 * before what was read, which reaches back to `sinceMs` at least; then it is nobody's beginning.
 */
export function passBeside(
  levels: readonly LoopLevel[],
  ms: number,
  direction: -1 | 1,
  sinceMs: number,
): LoopPass | null {
  const begun = (levels.at(-1)?.passes ?? []).filter(
    ({ startMs }, index) => index > 0 || startMs === 0 || startMs > sinceMs,
  );
  const beside =
    direction === 1
      ? begun.find(({ startMs }) => startMs > ms)
      : begun.findLast(({ startMs }) => startMs < ms);
  return beside ?? null;
}
