import Link from "next/link";
import { AgeLabel } from "#components/ui/age-label.tsx";
import { OriginBadge } from "#components/ui/badge.tsx";
import { joinClasses } from "#components/ui/join-classes.ts";
import { Meter } from "#components/ui/meter.tsx";
import { Shape } from "#components/ui/shape.tsx";
import { MachineStatusWord } from "#components/ui/status-word.tsx";
import { durationMs, type EpochMs } from "#lib/time.ts";
import { formatAgo, formatClock, formatDeviation, formatDuration } from "#lib/time-format.ts";
import type { FleetTile } from "#lib/view/fleet-tiles.ts";
import { nameText } from "#lib/view/name-text.ts";

interface FleetTileCardProps {
  readonly tile: FleetTile;
  readonly now: EpochMs;
  /** IANA zone of the site. */
  readonly zone: string;
}

/** One machine at a glance; the whole tile leads to it. */
export function FleetTileCard({ tile, now, zone }: FleetTileCardProps) {
  const isStale = tile.age !== null && tile.age.level !== "fresh";
  return (
    <article
      aria-labelledby={`machine-${tile.machineId}`}
      className={joinClasses(
        "relative flex min-w-0 flex-col sm:min-h-56 rounded-lg border bg-surface p-4 shadow-low transition-colors",
        tile.attention === "alarm"
          ? "border-alarm-1 border-l-4 pl-[0.8125rem]"
          : "border-line hover:border-line-strong",
      )}
    >
      <header className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 id={`machine-${tile.machineId}`} className="truncate text-lg">
            <Link
              href={`/machines/${tile.machineId}`}
              // Of two hundred machines nobody opens them all.
              prefetch={false}
              className="after:absolute after:inset-0 after:rounded-lg"
            >
              <bdi>{tile.name}</bdi>
            </Link>
          </h2>
          <p className="truncate text-xs text-ink-faint">
            {[tile.serialNumber === tile.name ? null : tile.serialNumber, tile.location]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
        <div className="flex shrink-0 flex-col items-end gap-1">
          <MachineStatusWord status={tile.status} isStale={isStale} label={`Status of ${tile.name}`} />
          <OriginBadge origin={tile.origin} />
        </div>
      </header>

      {tile.attentionReason ? <Attention tile={tile} /> : null}
      <div className="mt-auto pt-4">
        {tile.runId ? <RunPart tile={tile} now={now} zone={zone} isStale={isStale} /> : <NoRun />}
      </div>

      <footer className="mt-4 flex min-h-6 items-end gap-3 border-t border-line pt-2.5 text-xs">
        <LastDeviation tile={tile} now={now} />
        {tile.age ? (
          <AgeLabel staleness={tile.age} className="ml-auto" />
        ) : (
          <span className="ml-auto text-ink-faint">No controller</span>
        )}
      </footer>
    </article>
  );
}

function Attention({ tile }: { readonly tile: FleetTile }) {
  const isAlarm = tile.attention === "alarm";
  return (
    <p
      className={joinClasses(
        "mt-3 flex items-start gap-2 rounded-md px-2.5 py-1.5 text-xs",
        isAlarm ? "bg-alarm-1-soft" : "bg-sunken text-ink-muted",
      )}
    >
      <Shape
        name={isAlarm ? "diamond" : "ring"}
        className={joinClasses("mt-1 size-2.5", isAlarm && "text-alarm-1")}
      />
      <span className="line-clamp-3 [overflow-wrap:anywhere]">{tile.attentionReason}</span>
    </p>
  );
}

function NoRun() {
  return <p className="text-sm text-ink-faint">No run</p>;
}

interface RunPartProps extends FleetTileCardProps {
  readonly isStale: boolean;
}

function RunPart({ tile, now, zone, isStale }: RunPartProps) {
  const hasCycles = tile.totalCycles !== null && tile.totalCycles > 0;
  return (
    <div className={isStale ? "text-ink-muted" : undefined}>
      <p className="truncate text-sm font-medium">
        <bdi>{tile.recipeName ?? "Recipe without a name"}</bdi>
      </p>
      <div className="mt-1 flex items-baseline justify-between gap-3">
        <p className="whitespace-nowrap">
          {hasCycles ? (
            <>
              <span className="text-2xl font-semibold tracking-tight">{tile.cycle ?? 0}</span>
              <span className="text-sm text-ink-muted"> / {tile.totalCycles} cycles</span>
            </>
          ) : (
            <span className="text-2xl font-semibold tracking-tight">
              {Math.floor((tile.fraction ?? 0) * 100)} %
            </span>
          )}
        </p>
        <p className="text-right text-xs leading-4 text-ink-muted">
          <Finish tile={tile} now={now} zone={zone} />
        </p>
      </div>
      <Meter
        className="mt-2"
        fraction={tile.fraction ?? 0}
        isStale={isStale}
        label={hasCycles ? `Cycle ${tile.cycle ?? 0} of ${tile.totalCycles}` : "Part of the planned time"}
      />
    </div>
  );
}

function Finish({ tile, now, zone }: FleetTileCardProps) {
  if (tile.finishAt === null) return <>Finish not known</>;
  if (tile.isOverrun) return <>Over its planned time</>;
  return (
    <>
      Ends <span className="font-medium text-ink">{formatClock(tile.finishAt, zone, "minute")}</span>
      <br />
      in {formatDuration(durationMs(Math.max(0, tile.finishAt - now)))}
    </>
  );
}

function LastDeviation({ tile, now }: Pick<FleetTileCardProps, "tile" | "now">) {
  if (!tile.runId) return null;
  if (!tile.lastDeviation) return <span className="text-ink-faint">No deviation in this run</span>;
  const { seq, stepName, deviationMs, at } = tile.lastDeviation;
  return (
    <Link
      href={`/runs/${tile.runId}?tab=steps&step=${seq}`}
      title={`${tile.deviationCount} in this run; the last was ${nameText(stepName)}, step ${seq}`}
      className="relative z-10 inline-flex min-w-0 items-center gap-1.5 rounded-sm hover:underline"
    >
      <Shape name="triangle" className="size-2.5 text-alarm-2" />
      <span className="truncate">
        {tile.deviationCount} {tile.deviationCount === 1 ? "deviation" : "deviations"}, last{" "}
        {deviationMs === null ? "" : formatDeviation(deviationMs)} {formatAgo(durationMs(now - at))}
      </span>
    </Link>
  );
}
