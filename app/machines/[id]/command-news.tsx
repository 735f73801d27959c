import type { Refusals } from "#app/machines/[id]/use-refusals.ts";
import { CommandProgress } from "#components/machine/command-progress.tsx";
import { personName } from "#components/machine/person-name.ts";
import { shownCommands } from "#components/machine/shown-commands.ts";
import { RefusalBanner } from "#components/ui/notice.tsx";
import { type Command, commandKindLabel, commandStatusLabel } from "#lib/model/command.ts";
import type { Person } from "#lib/model/person.ts";
import type { LiveMachine } from "#lib/model/snapshot.ts";
import type { EpochMs } from "#lib/time.ts";
import { commandSteps } from "#lib/view/command-steps.ts";

interface CommandNewsProps {
  readonly data: LiveMachine;
  readonly now: EpochMs;
  readonly openedAt: EpochMs;
  readonly person: Person;
  readonly refusals: Refusals;
}

/** What was asked of the machine lately and how far it got; refusals stay until they are dismissed. */
export function CommandNews({ data, now, openedAt, person, refusals }: CommandNewsProps) {
  const { machine, commands } = data;
  const shown = shownCommands(commands, { now, openedAt, personId: person.id, handled: refusals.handled });
  const latest = shown[0]?.command;
  return (
    <>
      <output className="sr-only">{latest ? spoken(latest) : ""}</output>
      {refusals.refused.length + shown.length === 0 ? null : (
        <div className="grid gap-2">
          {refusals.refused.map(({ key, refusal: { message, hint, code } }) => (
            <RefusalBanner
              key={key}
              message={message}
              hint={hint}
              code={code}
              onDismiss={() => refusals.dismiss(key)}
            />
          ))}
          {shown.map(({ command, isRefused }) =>
            isRefused ? (
              <RefusalBanner
                key={command.id}
                message={`${commandKindLabel(command.kind)} ${commandStatusLabel(command.status).toLowerCase()}: ${commandSteps(command, now).outcome ?? ""}`}
                hint={command.refusalHint}
                {...(command.refusalCode ? { code: command.refusalCode } : {})}
                onDismiss={() => refusals.dismiss(command.id)}
              />
            ) : (
              <CommandProgress
                key={command.id}
                command={command}
                now={now}
                zone={machine.timezone}
                who={personName(command.requestedBy, command.requestedByName, person)}
              />
            ),
          )}
        </div>
      )}
    </>
  );
}

/** One short phrase per change, for a screen reader; times and ages would make it chatter. */
const spoken = (command: Command): string =>
  `${commandKindLabel(command.kind)}: ${commandStatusLabel(command.status).toLowerCase()}`;
