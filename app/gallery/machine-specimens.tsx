import { Group, nothing, Specimen } from "#app/gallery/specimen.tsx";
import { type Control, ControlStrip } from "#components/machine/control-strip.tsx";
import { NoRun } from "#components/machine/no-run.tsx";
import { OutcomeCard } from "#components/machine/outcome-card.tsx";
import { Trouble } from "#components/machine/trouble.tsx";
import { WatcherList } from "#components/machine/watcher-list.tsx";
import type { MachineStatus } from "#lib/model/machine.ts";
import {
  SAMPLE_START,
  sampleLease,
  sampleMachine,
  sampleMachineState,
  sampleRun,
} from "#lib/model/samples.ts";
import { later } from "#lib/time.ts";

const now = later(SAMPLE_START, 40_000);
const control = (label: string, whyNot: string | null = null): Control => ({
  label,
  whyNot,
  onPress: nothing,
});

type Strip = { status: MachineStatus; start: string | null; stop: string | null; mend?: string };

/** What stands against each control, in each state. */
const STRIPS: readonly Strip[] = [
  { status: "idle", start: null, stop: "Nothing is running." },
  { status: "processing", start: "A run is live. Stop it, or wait for its end.", stop: null },
  { status: "stopping", start: "A run is being stopped. Wait for its end.", stop: null },
  {
    status: "error",
    start: "The machine is in error. Clear it first.",
    stop: "There is no run.",
    mend: "Clear error",
  },
  {
    status: "unknown",
    start: "The last run's outcome is unknown. Reconcile it first.",
    stop: null,
    mend: "Reconcile run",
  },
  { status: "offline", start: "No controller holds this machine.", stop: "The machine is offline." },
];

export function MachineSpecimens() {
  return (
    <>
      <Group title="Controls" className="lg:grid-cols-2">
        {STRIPS.map(({ status, start, stop, mend }) => (
          <Specimen key={status} name={status}>
            <div className="max-sm:pb-36">
              <ControlStrip
                status={status}
                isStale={status === "unknown"}
                note="since 08:00:00 UTC, 40.0 s"
                start={control("Start run", start)}
                stop={control("Stop run", stop)}
                mend={mend === undefined ? null : control(mend)}
              />
            </div>
          </Specimen>
        ))}
      </Group>
      <Group title="Trouble" className="lg:grid-cols-2">
        <Specimen name="error">
          <Trouble
            machine={sampleMachine({ status: "error" })}
            state={sampleMachineState({ status: "error", failureDescription: "Valve 2 did not open." })}
            lease={sampleLease()}
            knownAt={now}
            zone="UTC"
          />
        </Specimen>
        <Specimen name="outcome unknown">
          <Trouble
            machine={sampleMachine({ status: "unknown" })}
            state={sampleMachineState({ status: "unknown" })}
            lease={sampleLease()}
            knownAt={now}
            zone="UTC"
          />
        </Specimen>
        <Specimen name="controller silent in a run">
          <Trouble
            machine={sampleMachine()}
            state={sampleMachineState()}
            lease={sampleLease()}
            knownAt={now}
            zone="UTC"
          />
        </Specimen>
        <Specimen name="no controller, idle">
          <Trouble
            machine={sampleMachine({ status: "idle" })}
            state={sampleMachineState({ status: "idle" })}
            lease={null}
            knownAt={now}
            zone="UTC"
          />
        </Specimen>
      </Group>
      <Group title="What became of a run" className="lg:grid-cols-2">
        {(["completed", "aborted", "failed"] as const).map((status) => (
          <Specimen key={status} name={status}>
            <OutcomeCard
              run={sampleRun({
                status,
                endTime: later(SAMPLE_START, 32_000),
                lastSeq: status === "completed" ? 13 : 4,
                errorMessage: status === "failed" ? "Valve 2 did not open." : null,
              })}
              verdict={status === "completed" ? "All 13 steps recorded." : "4 of 13 steps recorded."}
              operatorName="Omar Haddad"
              now={now}
              zone="UTC"
            />
          </Specimen>
        ))}
        <Specimen name="never run">
          <NoRun machineName="ALD-01" />
        </Specimen>
        <Specimen name="who else is watching">
          <WatcherList
            watchers={[
              { personId: "1", name: "Omar Haddad" },
              { personId: "2", name: "Lena Vogel" },
            ]}
          />
        </Specimen>
      </Group>
    </>
  );
}
