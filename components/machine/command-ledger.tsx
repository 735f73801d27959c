import { When } from "#components/machine/when.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { CommandStatusWord } from "#components/ui/status-word.tsx";
import { Table, Td, Th, Tr } from "#components/ui/table.tsx";
import { type Command, commandKindLabel, isCommandSettled } from "#lib/model/command.ts";
import { type EpochMs, elapsed } from "#lib/time.ts";
import { formatDuration } from "#lib/time-format.ts";

interface CommandLedgerProps {
  /** Newest first. */
  readonly commands: readonly Command[];
  readonly now: EpochMs;
  readonly zone: string;
  readonly nameOf: (command: Command) => string;
}

/** What people asked of this machine, and what became of it. */
export function CommandLedger({ commands, now, zone, nameOf }: CommandLedgerProps) {
  if (commands.length === 0) {
    return (
      <EmptyState title="No commands yet">
        Starts, stops and clears will be listed here with their outcome.
      </EmptyState>
    );
  }
  return (
    <div className="max-h-96 overflow-y-auto">
      <Table caption="Last commands">
        <thead>
          <tr>
            <Th>Asked</Th>
            <Th>Command</Th>
            <Th className="hidden sm:table-cell">By</Th>
            <Th>State</Th>
            <Th isNumeric className="hidden sm:table-cell">
              Took
            </Th>
          </tr>
        </thead>
        <tbody>
          {commands.map((command) => (
            <Tr key={command.id} data-command={command.id}>
              <Td className="whitespace-normal sm:whitespace-nowrap">
                <When at={command.requestedAt} now={now} zone={zone} />
              </Td>
              <Td className="font-medium">
                {commandKindLabel(command.kind)}
                {command.mode === "end_of_cycle" ? (
                  <span className="font-normal text-ink-muted"> at end of cycle</span>
                ) : null}
                <span className="block max-w-24 truncate text-xs font-normal text-ink-faint sm:hidden">
                  {nameOf(command)}
                </span>
              </Td>
              <Td className="hidden max-w-40 truncate sm:table-cell">{nameOf(command)}</Td>
              <Td className="max-w-80 whitespace-normal">
                <CommandStatusWord status={command.status} size="sm" />
                {command.refusal ? (
                  <span className="block text-xs text-ink-muted [overflow-wrap:anywhere]">
                    {command.refusal}{" "}
                    <span className="font-mono text-2xs text-ink-faint">{command.refusalCode}</span>
                  </span>
                ) : command.reason ? (
                  <span className="block text-xs text-ink-muted [overflow-wrap:anywhere]">
                    {command.reason}
                  </span>
                ) : null}
              </Td>
              <Td isNumeric className="hidden text-ink-muted sm:table-cell">
                {tookText(command, now)}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}

/** From asked to settled; while it is open, how long it has been waiting. */
function tookText(command: Command, now: EpochMs): string {
  if (command.settledAt !== null) return formatDuration(elapsed(command.requestedAt, command.settledAt));
  return isCommandSettled(command.status) ? "–" : `${formatDuration(elapsed(command.requestedAt, now))}…`;
}
