import { Group, Specimen } from "#app/gallery/specimen.tsx";
import { FleetTileCard } from "#components/fleet/fleet-tile.tsx";
import type { MachineStatus } from "#lib/model/machine.ts";
import {
  SAMPLE_START,
  sampleLease,
  sampleMachine,
  sampleMachineState,
  sampleRun,
  sampleRunState,
  sampleStep,
} from "#lib/model/samples.ts";
import type { FleetMachine } from "#lib/model/snapshot.ts";
import { durationMs, later } from "#lib/time.ts";
import { fleetTile } from "#lib/view/fleet-tiles.ts";

const now = later(SAMPLE_START, 1_000);

const idOf = (name: string): string => name.replaceAll(" ", "-");

function machine(name: string, status: MachineStatus, over: Partial<FleetMachine> = {}): FleetMachine {
  const id = idOf(name);
  const isBusy = status === "processing" || status === "stopping" || status === "unknown";
  return {
    machine: sampleMachine({ id, name, status, currentRunId: isBusy ? id : null }),
    state: sampleMachineState({ machineId: id, status }),
    lease: sampleLease({ machineId: id }),
    run: isBusy ? sampleRun({ id, machineId: id }) : null,
    runState: isBusy
      ? sampleRunState({
          runId: id,
          progress: {
            totalSteps: 13,
            completedSteps: 5,
            totalCycles: 3,
            completedCycles: 1,
            plannedElapsedMs: durationMs(17_200),
          },
        })
      : null,
    lastDeviation: null,
    ...over,
  };
}

const MACHINES: readonly FleetMachine[] = [
  machine("running", "processing"),
  machine("with deviations", "processing", {
    run: sampleRun({ id: "with-deviations", deviationCount: 2 }),
    lastDeviation: sampleStep({ seq: 4, runId: "with-deviations", measuredMs: durationMs(180) }),
  }),
  machine("overdue", "processing", { run: sampleRun({ id: "overdue", plannedMs: durationMs(100) }) }),
  machine("stopping", "stopping"),
  machine("controller silent", "processing", { lease: sampleLease({ renewedAt: later(now, -40_000) }) }),
  machine("error", "error", {
    state: sampleMachineState({ status: "error", failureDescription: "Valve 2 did not open." }),
  }),
  machine("outcome unknown", "unknown"),
  machine("idle", "idle"),
  machine("replaying", "idle", { lease: sampleLease({ driver: "replay" }) }),
  machine("maintenance", "maintenance"),
  machine("offline", "offline", { lease: null }),
];

export function FleetSpecimens() {
  return (
    <Group title="Fleet tiles" className="grid-cols-[repeat(auto-fill,minmax(min(100%,18rem),1fr))]">
      {MACHINES.map((each) => (
        <Specimen key={each.machine.id} name={each.machine.name}>
          <FleetTileCard tile={fleetTile(each, now)} now={now} zone="UTC" />
        </Specimen>
      ))}
    </Group>
  );
}
