import type { AskedOfMachine } from "#app/machines/[id]/asked.ts";
import { ReloadButton } from "#app/reload-button.tsx";
import { withoutWord } from "#components/machine/asked-commands.ts";
import { CommandProgress } from "#components/machine/command-progress.tsx";
import { personName } from "#components/machine/person-name.ts";
import { shownCommands } from "#components/machine/shown-commands.ts";
import { RefusalBanner } from "#components/ui/notice.tsx";
import { type Command, commandKindLabel, commandStatusLabel } from "#lib/model/command.ts";
import type { Person } from "#lib/model/person.ts";
import type { EpochMs } from "#lib/time.ts";
import { commandSteps } from "#lib/view/command-steps.ts";

interface CommandNewsProps {
  /** With what only an answer has told of. */
  readonly commands: readonly Command[];
  readonly asked: AskedOfMachine;
  readonly now: EpochMs;
  readonly openedAt: EpochMs;
  readonly zone: string;
  readonly person: Person;
  /** What the controller did since may not have reached this page. */
  readonly isBehind: boolean;
}

/** What was asked of the machine lately and how far it got; refusals and silence stay until they are dismissed. */
export function CommandNews({ commands, asked, now, openedAt, zone, person, isBehind }: CommandNewsProps) {
  const failed = failures(asked, commands);
  const shown = shownCommands(commands, {
    now,
    openedAt,
    personId: person.id,
    asked: new Set(asked.asked.map(({ key }) => key)),
    handled: new Set([...asked.dismissed, ...spentKeys(asked), ...failed.map(({ key }) => key)]),
  });
  const latest = shown[0]?.command;
  return (
    <>
      <output className="sr-only">{latest ? spoken(latest) : ""}</output>
      {failed.length + shown.length === 0 ? null : (
        <div className="grid gap-2">
          {failed.map(({ key, refusal: { message, hint, code } }) => (
            <RefusalBanner
              key={key}
              message={message}
              hint={hint}
              code={code}
              action={code === "page_outdated" ? <ReloadButton /> : null}
              onDismiss={() => asked.dismiss(key)}
            />
          ))}
          {shown.map(({ command, isRefused }) =>
            isRefused ? (
              <RefusalBanner
                key={command.id}
                message={`${commandKindLabel(command.kind)} ${commandStatusLabel(command.status).toLowerCase()}: ${commandSteps(command, now).outcome ?? ""}`}
                hint={command.refusalHint}
                {...(command.refusalCode ? { code: command.refusalCode } : {})}
                onDismiss={() => asked.dismiss(command.id)}
              />
            ) : (
              <CommandProgress
                key={command.id}
                command={command}
                now={now}
                zone={zone}
                who={personName(command.requestedBy, command.requestedByName, person)}
                isBehind={isBehind}
              />
            ),
          )}
        </div>
      )}
    </>
  );
}

/** What this tab asked for and was refused, or has no word of at all. */
function failures({ asked, dismissed }: AskedOfMachine, commands: readonly Command[]) {
  const silent = new Set(withoutWord(asked, commands).map(({ key }) => key));
  return asked.flatMap(({ key, state, refusal }) =>
    refusal !== null && !dismissed.has(key) && (state === "refused" || silent.has(key))
      ? [{ key, refusal }]
      : [],
  );
}

/** A withdrawn start left its key to a stop of nothing; the stop that withdrew it has told of both. */
const spentKeys = ({ asked }: AskedOfMachine): readonly string[] =>
  asked.filter(({ state }) => state === "withdrawn").map(({ key }) => key);

/** One short phrase per change, for a screen reader; times and ages would make it chatter. */
const spoken = (command: Command): string =>
  `${commandKindLabel(command.kind)}: ${commandStatusLabel(command.status).toLowerCase()}`;
