import { useId } from "react";
import { Button } from "#components/ui/button.tsx";
import type { WorkStatus } from "#lib/model/workflow.ts";

export type StepAction = "start" | "complete" | "fail" | "retry";

const NAMES: Record<StepAction, string> = {
  start: "Start step",
  complete: "Complete step",
  fail: "Fail step",
  retry: "Retry step",
};

/** The likeliest first. */
const OFFERED: Record<WorkStatus, readonly StepAction[]> = {
  pending: ["start", "complete", "fail"],
  in_progress: ["complete", "fail"],
  failed: ["retry"],
  completed: [],
};

interface StepControlsProps {
  readonly status: WorkStatus;
  /** Why none of them is this person's; null when they are. */
  readonly whyNot: string | null;
  readonly isPending: boolean;
  readonly onAct: (action: StepAction) => void;
}

/** What can be done with a step as it is now. */
export function StepControls({ status, whyNot, isPending, onAct }: StepControlsProps) {
  const reasonId = useId();
  const offered = OFFERED[status];
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap gap-2">
        {offered.map((action, index) => (
          <Button
            key={action}
            variant={index === 0 ? "primary" : "secondary"}
            className="h-11 sm:h-9"
            disabled={whyNot !== null}
            isPending={isPending}
            aria-describedby={whyNot ? reasonId : undefined}
            onClick={() => onAct(action)}
          >
            {NAMES[action]}
          </Button>
        ))}
      </div>
      {offered.length === 0 ? <p className="text-sm text-ink-muted">Nothing is left to do here.</p> : null}
      {whyNot ? (
        <p id={reasonId} className="text-xs text-ink-muted">
          {whyNot}
        </p>
      ) : null}
    </div>
  );
}
