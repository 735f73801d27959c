import type { FleetSnapshot, MachineSnapshot } from "#lib/model/snapshot.ts";
import { type CallOptions, type Client, read } from "#lib/supabase/call.ts";
import { fleetSnapshotRow, machineSnapshotRow } from "#lib/supabase/rows/snapshot.ts";

/** How many of a run's last steps the live pages keep. */
export const LIVE_STEPS = 240;

/** Every machine with its run, in one consistent read. Throws ReadFault. */
export async function fetchFleet(client: Client, options?: CallOptions): Promise<FleetSnapshot> {
  const { data } = await read(
    "read the fleet",
    (signal) => client.rpc("fleet_snapshot").abortSignal(signal),
    options,
  );
  return fleetSnapshotRow(data);
}

/** One machine with its current (else latest) run; null when there is no such machine. Throws ReadFault. */
export async function fetchMachine(
  client: Client,
  machineId: string,
  options?: CallOptions,
): Promise<MachineSnapshot | null> {
  const { data } = await read(
    "read the machine",
    (signal) =>
      client.rpc("machine_snapshot", { p_machine_id: machineId, p_steps: LIVE_STEPS }).abortSignal(signal),
    options,
  );
  return data === null ? null : machineSnapshotRow(data);
}
