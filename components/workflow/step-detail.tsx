import { Fact, Facts } from "#components/ui/facts.tsx";
import { joinClasses } from "#components/ui/join-classes.ts";
import { Shape } from "#components/ui/shape.tsx";
import { WorkStatusWord } from "#components/ui/status-word.tsx";
import type { WorkflowStep } from "#lib/model/workflow.ts";
import { formatClockWithZone } from "#lib/time-format.ts";
import { stepName } from "#lib/view/workflow-rows.ts";

interface StepDetailProps {
  readonly step: WorkflowStep;
  /** The step it follows from. */
  readonly parent: WorkflowStep | null;
  readonly zone: string;
}

/** Everything that is known of a step. */
export function StepDetail({ step, parent, zone }: StepDetailProps) {
  return (
    <>
      <p className="whitespace-pre-wrap break-words text-base font-medium">{stepName(step)}</p>
      <LastError step={step} />
      <Facts>
        <Fact label="Status">
          <WorkStatusWord status={step.status} label="Step status" />
        </Fact>
        <Fact label="Attempts">{step.attempts}</Fact>
        <Fact label="Type">{step.type}</Fact>
        <Fact label="Assigned to">{step.assignedTo}</Fact>
        <Fact label="Changed" className="col-span-full">
          {formatClockWithZone(step.updatedAt, zone, "date-time")}
        </Fact>
        {parent ? (
          <Fact label="Follows from" className="col-span-full">
            {parent.number} {stepName(parent)}
          </Fact>
        ) : null}
        {step.filePath ? (
          <Fact label="File" className="col-span-full">
            <span className="break-all font-mono text-xs">{step.filePath}</span>
          </Fact>
        ) : null}
      </Facts>
      <ContextFiles files={step.contextFiles} />
    </>
  );
}

function LastError({ step: { status, lastError } }: { readonly step: WorkflowStep }) {
  if (lastError === null) return null;
  const isNow = status === "failed";
  return (
    <div
      className={joinClasses(
        "flex items-start gap-2.5 rounded-md border px-3 py-2 text-sm",
        isNow ? "border-alarm-1/50 bg-alarm-1-soft" : "border-line bg-sunken text-ink-muted",
      )}
    >
      <Shape name="diamond" className={joinClasses("mt-1 size-3", isNow && "text-alarm-1")} />
      <div className="min-w-0">
        <p className="font-semibold">{isNow ? "Failed" : "Last attempt failed"}</p>
        <p className="whitespace-pre-wrap break-words">{lastError}</p>
      </div>
    </div>
  );
}

function ContextFiles({ files }: { readonly files: readonly string[] }) {
  return (
    <div>
      <h3 className="eyebrow">Context files</h3>
      {files.length === 0 ? (
        <p className="text-sm text-ink-muted">None.</p>
      ) : (
        <ul className="grid gap-0.5 pt-0.5">
          {[...new Set(files)].map((file) => (
            <li key={file} className="break-all font-mono text-xs">
              {file}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
