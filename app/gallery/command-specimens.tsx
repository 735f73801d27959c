import { Group, Specimen } from "#app/gallery/specimen.tsx";
import { CommandLedger } from "#components/machine/command-ledger.tsx";
import { CommandProgress } from "#components/machine/command-progress.tsx";
import { Card } from "#components/ui/card.tsx";
import type { Command } from "#lib/model/command.ts";
import { SAMPLE_START, sampleCommand } from "#lib/model/samples.ts";
import { later } from "#lib/time.ts";

const at = (ms: number) => later(SAMPLE_START, ms);
const refusal = {
  status: "rejected",
  settledAt: at(20),
  refusalCode: "nothing_to_stop",
  refusal: "Nothing was stopped: ALD-01 is idle and has no run.",
  refusalHint: "Look at the machine as it is now.",
} as const;

type State = { name: string; command: Partial<Command>; after: number; isBehind?: boolean };

const STATES: readonly State[] = [
  { name: "requested", command: {}, after: 300 },
  { name: "not acknowledged for 5 s", command: {}, after: 6_000 },
  { name: "not acknowledged for 15 s", command: {}, after: 16_000 },
  { name: "asked for on a page that is not live", command: {}, after: 3_000, isBehind: true },
  { name: "accepted", command: { status: "accepted", acceptedAt: at(80) }, after: 300 },
  {
    name: "executing",
    command: { status: "executing", acceptedAt: at(80), executingAt: at(95) },
    after: 900,
  },
  {
    name: "done",
    command: { status: "succeeded", acceptedAt: at(80), executingAt: at(95), settledAt: at(1_240) },
    after: 2_000,
  },
  {
    name: "superseded",
    command: {
      status: "superseded",
      settledAt: at(500),
      refusal: "The run was completed before the stop took effect.",
    },
    after: 2_000,
  },
  {
    name: "failed",
    command: { status: "failed", settledAt: at(500), refusal: "The controller was lost." },
    after: 2_000,
  },
  { name: "expired", command: { status: "expired", settledAt: at(60_000) }, after: 61_000 },
  { name: "rejected", command: refusal, after: 2_000 },
];

export function CommandSpecimens() {
  const all = STATES.map(({ name, command }) => sampleCommand({ ...command, id: name }));
  return (
    <>
      <Group title="A command on its way" className="xl:grid-cols-2">
        {STATES.map(({ name, command, after, isBehind = false }) => (
          <Specimen key={name} name={name}>
            <CommandProgress
              command={sampleCommand(command)}
              now={at(after)}
              zone="UTC"
              who="you"
              isBehind={isBehind}
            />
          </Specimen>
        ))}
      </Group>
      <Group title="Commands of a machine">
        <Specimen name="each status">
          <Card aria-label="Commands">
            <CommandLedger commands={all} now={at(61_000)} zone="UTC" nameOf={() => "Omar Haddad"} />
          </Card>
        </Specimen>
      </Group>
    </>
  );
}
