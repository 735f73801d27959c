import { Badge } from "#components/ui/badge.tsx";
import { WorkStatusWord } from "#components/ui/status-word.tsx";
import { workStageLabel } from "#lib/model/workflow.ts";
import { tallySentence, type WorkflowNode } from "#lib/view/workflow-rows.ts";

interface TallyCellsProps {
  readonly node: Exclude<WorkflowNode, { kind: "step" }>;
}

/** A project or a subtask, and how its steps stand. */
export function TallyCells({ node }: TallyCellsProps) {
  const isProject = node.kind === "project";
  const externalId = isProject ? node.project.externalId : node.subtask.externalId;
  return (
    <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-0.5 py-2.5 text-sm">
      <p className="min-w-0 flex-1 basis-48 break-words font-semibold">
        {isProject ? node.project.name : node.subtask.title}
        {externalId ? <span className="pl-2 text-xs font-normal text-ink-faint">{externalId}</span> : null}
        <span className="block text-xs font-normal text-ink-muted">{tallySentence(node.tally)}</span>
      </p>
      {isProject ? null : (
        <span className="flex items-center gap-3">
          {node.subtask.stage === node.subtask.status ? null : (
            <Badge>{workStageLabel(node.subtask.stage)}</Badge>
          )}
          <WorkStatusWord status={node.subtask.status} />
        </span>
      )}
    </div>
  );
}
