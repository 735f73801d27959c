import { joinClasses } from "#components/ui/join-classes.ts";
import { WorkStatusWord } from "#components/ui/status-word.tsx";
import type { WorkflowStep } from "#lib/model/workflow.ts";
import { counted } from "#lib/view/count.ts";
import { stepName } from "#lib/view/workflow-rows.ts";

interface StepCellsProps {
  readonly step: WorkflowStep;
  /** It does not match the filter itself, a step under it does. */
  readonly isContext: boolean;
}

/** A step in one line where there is room, in two or three on a phone. */
export function StepCells({ step, isContext }: StepCellsProps) {
  const attempts = counted(step.attempts, "attempt");
  return (
    <div
      className={joinClasses(
        "grid min-w-0 flex-1 gap-x-4 gap-y-0.5 py-2.5 text-sm @2xl:grid-cols-[minmax(0,1fr)_7rem_7.5rem_6rem_5.5rem]",
        isContext && "text-ink-faint",
      )}
    >
      <div className="min-w-0">
        <p className="flex gap-2">
          <span className="shrink-0 text-ink-faint">{step.number}</span>
          <span className="line-clamp-2 break-words">{stepName(step)}</span>
        </p>
        <LastError step={step} />
        {step.contextFiles.length > 0 ? (
          <p className="truncate font-mono text-2xs text-ink-faint">{step.contextFiles.join(", ")}</p>
        ) : null}
      </div>
      <p className="flex flex-wrap items-center gap-x-2 self-start text-ink-muted">
        <WorkStatusWord status={step.status} />
        <span className="text-xs @2xl:hidden">
          {step.type} · {step.assignedTo} · {attempts}
        </span>
      </p>
      <span className="hidden text-ink-muted @2xl:block">{step.type}</span>
      <span className="hidden text-ink-muted @2xl:block">{step.assignedTo}</span>
      <span className="hidden text-right text-ink-muted @2xl:block">{attempts}</span>
    </div>
  );
}

function LastError({ step: { status, lastError } }: { readonly step: WorkflowStep }) {
  if (lastError === null) return null;
  return (
    <p className={joinClasses("truncate text-xs", status === "failed" ? "text-alarm-1" : "text-ink-muted")}>
      Last error: {lastError}
    </p>
  );
}
