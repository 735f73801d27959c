import type { ReactNode } from "react";
import { joinClasses } from "#components/ui/join-classes.ts";
import { Shape, type ShapeName } from "#components/ui/shape.tsx";
import { type Command, commandKindLabel } from "#lib/model/command.ts";
import { type EpochMs, elapsed } from "#lib/time.ts";
import { formatClock, formatDuration } from "#lib/time-format.ts";
import { commandSteps } from "#lib/view/command-steps.ts";

interface CommandProgressProps {
  readonly command: Command;
  readonly now: EpochMs;
  readonly zone: string;
  /** Who asked, as this screen calls them. */
  readonly who: string;
  /** What the controller did since may not have reached this screen. */
  readonly isBehind: boolean;
}

const STAGE_SHAPE: Record<"done" | "current" | "waiting" | "failed", ShapeName> = {
  done: "check",
  current: "half",
  waiting: "ring",
  failed: "triangle",
};

/** How far a command has really got, stage by stage, each with the time it took; never ahead of its row. */
export function CommandProgress({ command, now, zone, who, isBehind }: CommandProgressProps) {
  const view = commandSteps(command, now);
  return (
    <section
      aria-label={`${commandKindLabel(command.kind)} command`}
      className="grid gap-x-6 gap-y-2 rounded-lg border border-line bg-surface px-4 py-2.5 text-sm sm:flex sm:flex-wrap sm:items-center"
    >
      <p className="min-w-0">
        <span className="font-semibold">{view.title}</span>{" "}
        <span className="text-xs text-ink-muted">
          by {who} at {formatClock(command.requestedAt, zone)}
          {view.isSettled ? null : (
            <>
              , <span className="tabular-nums">{formatDuration(elapsed(command.requestedAt, now))}</span> ago
            </>
          )}
        </span>
      </p>
      <ol className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs">
        {view.stages.map((stage) => (
          <li
            key={stage.key}
            aria-current={stage.state === "current" ? "step" : undefined}
            className={joinClasses(
              "flex items-center gap-1.5 not-first:before:mr-0.5 not-first:before:h-px not-first:before:w-4 not-first:before:bg-line-strong",
              stage.state === "waiting" ? "text-ink-faint" : "text-ink",
              stage.state === "current" && "font-semibold",
            )}
          >
            <Shape
              name={STAGE_SHAPE[stage.state]}
              className={joinClasses("size-2.5", stage.state === "failed" && "text-alarm-2")}
            />
            {stage.label}
            {stage.tookMs === null ? null : (
              <span className="font-normal tabular-nums text-ink-faint">{formatDuration(stage.tookMs)}</span>
            )}
          </li>
        ))}
      </ol>
      {view.outcome ? <p className="text-xs text-ink-muted">{view.outcome}</p> : null}
      {isBehind && !view.isSettled ? <Unseen /> : <Escalation level={view.escalation} />}
    </section>
  );
}

/** The request is stored; whether it was carried out cannot be seen from here. */
function Unseen() {
  return (
    <Alert>
      Asked for, but this page is not live: it cannot see whether the controller carries it out. In doubt, use
      the machine's own stop.
    </Alert>
  );
}

/** Every wait ends: past 5 s it says so, past 15 s it says what to do instead. */
function Escalation({ level }: { readonly level: "none" | "slow" | "unconfirmed" }) {
  if (level === "none") return null;
  return (
    <Alert>
      {level === "slow"
        ? "Not confirmed: the controller has not answered for 5 s. It is still being asked; in doubt, use the machine's own stop."
        : "Not confirmed after 15 s. Go to the machine and use its own stop; the request stays open."}
    </Alert>
  );
}

function Alert({ children }: { readonly children: ReactNode }) {
  return (
    <p role="alert" className="flex w-full items-center gap-2 text-xs font-medium">
      <Shape name="triangle" className="size-3 shrink-0 text-alarm-2" />
      <span>{children}</span>
    </p>
  );
}
