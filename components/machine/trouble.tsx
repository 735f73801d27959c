import type { ReactNode } from "react";
import { Shape } from "#components/ui/shape.tsx";
import type { Lease } from "#lib/model/lease.ts";
import { isLeaseHeld } from "#lib/model/lease.ts";
import { isMachineBusy, type Machine, type MachineState } from "#lib/model/machine.ts";
import type { EpochMs } from "#lib/time.ts";
import { formatClockWithZone } from "#lib/time-format.ts";
import { nameText } from "#lib/view/name-text.ts";

interface TroubleProps {
  readonly machine: Machine;
  readonly state: MachineState | null;
  readonly lease: Lease | null;
  /** The latest moment this page knows anything about: a later silence is the page's, not the controller's. */
  readonly knownAt: EpochMs;
  readonly zone: string;
}

/** What is wrong with the machine, since when, why, and what a person can do; nothing when nothing is known to be wrong. */
export function Trouble({ machine, state, lease, knownAt, zone }: TroubleProps) {
  const since = state?.since == null ? null : `since ${formatClockWithZone(state.since, zone)}`;
  const silence = leaseText(lease, zone);
  if (machine.status === "error") {
    return (
      <Statement
        tone="alarm-1"
        title={`${nameText(machine.name)} is in error`}
        since={since}
        what={failureText(state)}
      >
        Look at the machine. When the cause is gone, clear the error with a reason; until then no run can
        start.
      </Statement>
    );
  }
  if (machine.status === "unknown") {
    return (
      <Statement
        tone="alarm-2"
        title="The controller was lost during a run"
        since={since}
        what={silence ?? "The hardware may still be running the recipe."}
      >
        Nobody knows here what the machine is doing. Look at it, make it safe with its own controls, then
        reconcile the run: say what became of it.
      </Statement>
    );
  }
  if (isLeaseHeld(lease, knownAt) || machine.status === "maintenance") return null;
  const what = silence ?? "No controller has ever held this machine.";
  if (isMachineBusy(machine.status)) {
    return (
      <Statement tone="alarm-2" title="No word from the controller during a run" since={null} what={what}>
        The hardware may still be running the recipe. Look at the machine; if in doubt, use its own stop.
      </Statement>
    );
  }
  return (
    <Statement tone="alarm-2" title="No controller is connected" since={null} what={what}>
      Nothing can be started until one is. Start the controller program of this machine, or check its network.
    </Statement>
  );
}

function failureText(state: MachineState | null): string {
  const what = state?.failureDescription ?? "The controller gave no reason.";
  return state?.failureComponent ? `${state.failureComponent}: ${what}` : what;
}

/** When, not how long ago: a page that is behind would count on. */
function leaseText(lease: Lease | null, zone: string): string | null {
  if (!lease) return null;
  return `Controller “${lease.controller}” last reported at ${formatClockWithZone(lease.renewedAt, zone)}.`;
}

interface StatementProps {
  readonly tone: "alarm-1" | "alarm-2";
  readonly title: string;
  readonly since: string | null;
  readonly what: string;
  /** What to do. */
  readonly children: ReactNode;
}

const TONES = {
  "alarm-1": { box: "border-alarm-1/50 bg-alarm-1-soft", shape: "text-alarm-1", name: "diamond" },
  "alarm-2": { box: "border-alarm-2/50 bg-alarm-2-soft", shape: "text-alarm-2", name: "triangle" },
} as const;

function Statement({ tone, title, since, what, children }: StatementProps) {
  const look = TONES[tone];
  return (
    <section
      aria-label="Trouble"
      className={`flex items-start gap-3 rounded-lg border px-4 py-3 ${look.box}`}
    >
      <Shape name={look.name} className={`mt-1.5 size-3 ${look.shape}`} />
      <div className="min-w-0 text-sm">
        <p className="font-semibold">
          {title} {since ? <span className="font-normal tabular-nums text-ink-muted">{since}</span> : null}
        </p>
        <p className="[overflow-wrap:anywhere]">{what}</p>
        <p className="mt-1 max-w-[100ch] text-ink-muted">{children}</p>
      </div>
    </section>
  );
}
