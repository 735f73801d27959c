import Link from "next/link";
import { Card } from "#components/ui/card.tsx";
import { Shape } from "#components/ui/shape.tsx";
import type { Violation } from "#lib/model/system.ts";
import type { EpochMs } from "#lib/time.ts";
import { formatClockWithZone } from "#lib/time-format.ts";
import { counted } from "#lib/view/count.ts";
import { violationTitle } from "#lib/view/violation-title.ts";

interface IntegrityCardProps {
  /** Null where the reader's role does not see them. */
  readonly violations: readonly Violation[] | null;
  /** When it was looked, by the server's clock. */
  readonly at: EpochMs;
  readonly zone: string;
}

const SCOPE =
  "Every machine, every active run and the 20 newest, the last 500 steps of each; looked every 10 s.";

/** Whether the record contradicts itself (rule T27): both sides are printed, and a person must look. */
export function IntegrityCard({ violations, at, zone }: IntegrityCardProps) {
  if (violations === null) return null;
  if (violations.length === 0) {
    return (
      <Card
        aria-label="Data integrity"
        className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-3 text-sm"
      >
        <p role="status" className="flex items-baseline gap-2 font-medium">
          <Shape name="check" className="size-3 text-ink-muted" />
          Nothing wrong in the record
        </p>
        <p className="text-xs text-ink-faint">
          {SCOPE} <span className="tabular-nums">Last {formatClockWithZone(at, zone)}.</span>
        </p>
      </Card>
    );
  }
  return (
    <section
      aria-label="Data integrity"
      className="rounded-lg border border-alarm-1/50 bg-alarm-1-soft px-4 py-3 text-sm"
    >
      <p role="alert" className="flex items-baseline gap-2 font-semibold text-alarm-1">
        <Shape name="diamond" className="size-3" />
        Data-integrity fault: the record contradicts itself in {counted(violations.length, "place")}
      </p>
      <ul className="mt-2 grid gap-2">
        {violations.map((violation) => (
          <li key={JSON.stringify(violation)} className="grid gap-0.5">
            <span className="flex flex-wrap items-baseline gap-x-3">
              <span className="font-medium">{violationTitle(violation.invariant)}</span>
              <span className="font-mono text-2xs text-ink-muted">{violation.invariant}</span>
              {violation.machineId === null ? null : (
                <Link href={`/machines/${violation.machineId}`} prefetch={false} className="link">
                  {violation.machineName ?? "Machine"}
                </Link>
              )}
              {violation.runId === null ? null : (
                <Link href={`/runs/${violation.runId}`} prefetch={false} className="link">
                  Run
                </Link>
              )}
            </span>
            <span className="text-ink-muted [overflow-wrap:anywhere]">{violation.detail}</span>
          </li>
        ))}
      </ul>
      <p className="mt-2 text-xs text-ink-muted">
        Look at the machine itself before you command it, and give support this page. {SCOPE}
      </p>
    </section>
  );
}
