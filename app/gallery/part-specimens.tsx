import { Group, nothing, Specimen } from "#app/gallery/specimen.tsx";
import { AgeLabel } from "#components/ui/age-label.tsx";
import { Badge, DeviationBadge, OriginBadge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Field, TextInput } from "#components/ui/field.tsx";
import { Meter } from "#components/ui/meter.tsx";
import { Notice, RefusalBanner } from "#components/ui/notice.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { CommandStatusWord, MachineStatusWord, RunStatusWord } from "#components/ui/status-word.tsx";
import { commandStatuses } from "#lib/model/command.ts";
import { machineStatuses } from "#lib/model/machine.ts";
import { runStatuses } from "#lib/model/run.ts";
import { durationMs, SECOND } from "#lib/time.ts";
import { LEASE_PERIOD, staleness } from "#lib/view/staleness.ts";

const VARIANTS = ["primary", "secondary", "ghost", "stop"] as const;
const ROW = "flex flex-wrap items-center gap-x-5 gap-y-2";

export function PartSpecimens() {
  return (
    <>
      <Group title="Status words">
        <Specimen name="machine">
          <div className={ROW}>
            {machineStatuses.map((status) => (
              <MachineStatusWord key={status} status={status} />
            ))}
          </div>
        </Specimen>
        <Specimen name="machine, last known">
          <div className={ROW}>
            {machineStatuses.map((status) => (
              <MachineStatusWord key={status} status={status} isStale />
            ))}
          </div>
        </Specimen>
        <Specimen name="run">
          <div className={ROW}>
            {runStatuses.map((status) => (
              <RunStatusWord key={status} status={status} />
            ))}
          </div>
        </Specimen>
        <Specimen name="command">
          <div className={ROW}>
            {commandStatuses.map((status) => (
              <CommandStatusWord key={status} status={status} />
            ))}
          </div>
        </Specimen>
      </Group>

      <Group title="Buttons">
        {VARIANTS.map((variant) => (
          <Specimen key={variant} name={`${variant}: as it is, blocked, asked for`}>
            <div className={ROW}>
              <Button variant={variant} size="lg">
                Request
              </Button>
              <Button variant={variant} size="lg" disabled>
                Request
              </Button>
              <Button variant={variant} size="lg" isPending>
                Request
              </Button>
              <Button variant={variant}>Medium</Button>
              <Button variant={variant} size="sm">
                Small
              </Button>
            </div>
          </Specimen>
        ))}
      </Group>

      <Group title="Badges, ages, meters" className="sm:grid-cols-3">
        <Specimen name="badges">
          <div className={ROW}>
            <Badge>changed</Badge>
            <OriginBadge origin="simulated" />
            <OriginBadge origin="replay" />
            <DeviationBadge count={1} />
            <DeviationBadge count={240} />
          </div>
        </Specimen>
        <Specimen name="ages of what comes every 2 s">
          <div className={ROW}>
            {[0, 7, 25, 4000].map((seconds) => (
              <AgeLabel key={seconds} staleness={staleness(durationMs(seconds * SECOND), LEASE_PERIOD)} />
            ))}
            <AgeLabel staleness={staleness(null, LEASE_PERIOD)} />
          </div>
        </Specimen>
        <Specimen name="meters: 0, 40 %, full, last known">
          <div className="grid gap-2">
            {[0, 0.4, 1].map((fraction) => (
              <Meter key={fraction} fraction={fraction} label={`Cycle ${fraction * 100} of 100`} />
            ))}
            <Meter fraction={0.7} label="Cycle 70 of 100" isStale />
          </div>
        </Specimen>
      </Group>

      <Group title="Messages" className="lg:grid-cols-2">
        <Specimen name="refusal">
          <RefusalBanner
            message="The run was not started: ALD-01 is processing, not idle."
            hint="Wait until it is idle, or stop the current run first."
            code="machine_not_idle"
            onDismiss={nothing}
          />
        </Specimen>
        <Specimen name="refusal with a way on">
          <RefusalBanner
            message="Not sent: Pulseboard was updated while this page was open."
            hint="Reload the page, then ask again. Stop works without that."
            action={<Button size="sm">Reload page</Button>}
          />
        </Specimen>
        <Specimen name="notice">
          <Notice kind="plain">
            Changes do not arrive by themselves; this page asks for them every 2 s.
          </Notice>
        </Specimen>
        <Specimen name="notice about what is not the present">
          <Notice kind="stale" aside={<span className="text-xs font-medium">last news 40 s ago</span>}>
            <strong className="font-semibold">Not live.</strong> What is shown is what was last known.
          </Notice>
        </Specimen>
        <Specimen name="field: as it is, wrong">
          <div className="grid gap-3">
            <Field label="Reason" hint="What was found and done.">
              {(wiring) => <TextInput {...wiring} />}
            </Field>
            <Field label="Reason" error="Say why, in a few words.">
              {(wiring) => <TextInput {...wiring} defaultValue="x" />}
            </Field>
          </div>
        </Specimen>
        <Specimen name="nothing there, and not yet">
          <Card>
            <EmptyState title="No run matches">Remove a filter, or start a recipe on a machine.</EmptyState>
            <Skeleton className="m-4 h-6" />
          </Card>
        </Specimen>
      </Group>
    </>
  );
}
