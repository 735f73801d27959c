import { RunKey } from "#components/compare/run-key.tsx";
import { ProgramChanges } from "#components/start/program-changes.tsx";
import { counted } from "#lib/view/count.ts";
import type { ProgramGroup } from "#lib/view/program-differences.ts";

interface ProgramGroupsProps {
  readonly groups: readonly ProgramGroup[];
  /** The number of the run that the others are told against. */
  readonly base: number;
}

/** In what the programs and the starts of the other runs differ from the first one's. */
export function ProgramGroups({ groups, base }: ProgramGroupsProps) {
  return (
    <ul>
      {groups.map((group) => (
        <li key={group.indexes.join()} className="border-b border-line last:border-b-0">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 px-4 py-2.5 text-sm">
            {group.indexes.map((index) => (
              <RunKey key={index} index={index} />
            ))}
            <span className="text-ink-muted">{sentence(group, base)}</span>
          </p>
          {isSame(group) ? null : (
            <ProgramChanges settings={settingsOf(group)} steps={group.diff?.steps ?? []} />
          )}
          {group.more > 0 ? (
            <p className="px-4 pb-2 text-xs text-ink-faint">
              {counted(group.more, "more change", "more changes")} of steps.
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

const settingsOf = ({ diff, parameters }: ProgramGroup) => [...parameters, ...(diff?.settings ?? [])];

const isSame = (group: ProgramGroup): boolean =>
  settingsOf(group).length === 0 && (group.diff?.steps.length ?? 0) === 0;

function sentence(group: ProgramGroup, base: number): string {
  if (group.diff === null) return `The program cannot be read, or that of run ${base} cannot.`;
  if (isSame(group)) return `The same program as run ${base}, step for step, started alike.`;
  const count = settingsOf(group).length + group.diff.steps.length + group.more;
  const totals = group.diff.totals.map(({ label, from, to }) => `${label} ${from} → ${to}`);
  return [`${counted(count, "difference")} from run ${base}`, ...totals].join(" · ");
}
