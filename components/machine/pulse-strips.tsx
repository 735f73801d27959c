import type { ValveStrip } from "#components/machine/valve-strips.ts";
import { Shape } from "#components/ui/shape.tsx";
import { durationMs } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";
import { counted } from "#lib/view/count.ts";
import type { StripPulse } from "#lib/view/pulse-strip.ts";

type Pulse = StripPulse;

/** The last pulses side by side, valve by valve: how long each was open, and how high the pressure rose. */
export function PulseStrips({ valves }: { readonly valves: readonly ValveStrip[] }) {
  if (valves.length === 0) {
    return <p className="px-4 py-6 text-sm text-ink-muted">No pulse yet in this run.</p>;
  }
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(min(22rem,100%),1fr))] gap-x-8 gap-y-5 p-4">
      {valves.map((valve) => (
        <Valve key={valve.valveNumber} {...valve} />
      ))}
    </div>
  );
}

function Valve({ valveNumber, strip }: ValveStrip) {
  const { pulses } = strip;
  const last = pulses.findLast((pulse) => pulse.measuredMs !== null);
  const deviations = pulses.filter((pulse) => pulse.isDeviation).length;
  const hasPeaks = strip.scaleTorr > 0;
  return (
    <section
      aria-label={`Valve ${valveNumber}, last ${counted(pulses.length, "pulse")}`}
      className="grid grid-cols-1 content-start gap-1.5"
    >
      <p className="flex flex-wrap items-baseline gap-x-2 text-xs">
        <span className="font-semibold">Valve {valveNumber}</span>
        <bdi className="min-w-0 max-w-full truncate text-ink-muted">{pulses.at(-1)?.name}</bdi>
        {deviations > 0 ? (
          <span className="ml-auto inline-flex items-center gap-1 font-medium">
            <Shape name="triangle" className="size-2.5 text-alarm-2" />
            {deviations} off plan
          </span>
        ) : null}
      </p>
      <div className={hasPeaks ? "grid grid-cols-1 gap-x-4 gap-y-2 sm:grid-cols-2" : "grid grid-cols-1"}>
        <Bars
          pulses={pulses}
          name="Open for"
          reading={last ? durationReading(last) : "–"}
          heightOf={(pulse) => pulse.measuredFraction}
          lineOf={(pulse) => pulse.plannedFraction}
        />
        {hasPeaks ? (
          <Bars
            pulses={pulses}
            name="Peak"
            reading={last?.peakTorr == null ? "–" : `${last.peakTorr.toFixed(2)} Torr`}
            heightOf={(pulse) => pulse.peakFraction}
            lineOf={null}
          />
        ) : null}
      </div>
    </section>
  );
}

function durationReading({ measuredMs, plannedMs, meanMs }: Pulse): string {
  const parts = [
    measuredMs === null ? null : formatDuration(durationMs(measuredMs)),
    plannedMs === null ? null : `planned ${formatDuration(durationMs(plannedMs))}`,
    meanMs === null ? null : `mean ${formatDuration(durationMs(meanMs))}`,
  ];
  return parts.filter((part) => part !== null).join(", ");
}

interface BarsProps {
  readonly pulses: readonly Pulse[];
  readonly name: string;
  readonly reading: string;
  readonly heightOf: (pulse: Pulse) => number | null;
  readonly lineOf: ((pulse: Pulse) => number | null) | null;
}

const BAR = 10;
const GAP = 3;
const HEIGHT = 40;

function Bars({ pulses, name, reading, heightOf, lineOf }: BarsProps) {
  const width = Math.max(25, pulses.length) * BAR;
  const start = width - pulses.length * BAR;
  const bar = (pulse: Pulse, index: number) => {
    const height = Math.max(1, (heightOf(pulse) ?? 0) * HEIGHT);
    return `M${start + index * BAR + GAP} ${HEIGHT}v${-height}h${BAR - GAP}v${height}z`;
  };
  const measured = pulses.map((pulse, index) => ({ pulse, d: bar(pulse, index) }));
  const ordinary = measured.filter(({ pulse }) => !pulse.isDeviation && heightOf(pulse) !== null);
  const off = measured.filter(({ pulse }) => pulse.isDeviation && heightOf(pulse) !== null);
  const plan = lineOf
    ? pulses.map((pulse, index) => planMark(lineOf(pulse), start + index * BAR)).join("")
    : "";

  return (
    <figure className="min-w-0">
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-10 w-full"
        aria-hidden="true"
      >
        <path d={ordinary.map(({ d }) => d).join("")} fill="var(--mark)" />
        <path d={off.map(({ d }) => d).join("")} fill="var(--alarm-2)" />
        <path d={plan} stroke="var(--surface)" strokeWidth="3" vectorEffect="non-scaling-stroke" />
        <path d={plan} stroke="var(--ink)" strokeWidth="1" vectorEffect="non-scaling-stroke" />
      </svg>
      <figcaption className="flex justify-between gap-2 border-t border-line pt-1 text-2xs text-ink-muted">
        <span className="shrink-0">{name}</span>
        <span className="truncate tabular-nums">{reading}</span>
      </figcaption>
    </figure>
  );
}

function planMark(fraction: number | null, x: number): string {
  if (fraction === null) return "";
  const y = Math.min(HEIGHT - 0.5, Math.max(0.5, HEIGHT * (1 - fraction)));
  return `M${x + GAP - 1} ${y}h${BAR - GAP + 2}`;
}
