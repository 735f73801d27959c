import { queryOptions } from "@tanstack/react-query";
import type { Machine, MachineParameter } from "#lib/model/machine.ts";
import type { FleetSnapshot, MachineSnapshot } from "#lib/model/snapshot.ts";
import { type CallOptions, type Client, read } from "#lib/supabase/call.ts";
import { machineParameterRow, machineRow } from "#lib/supabase/rows/machine.ts";
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

/** Parameters of a machine with live values and limits (permissives). */
export async function fetchMachineParameters(
  client: Client,
  machineId: string,
  options?: CallOptions,
): Promise<MachineParameter[]> {
  const { data } = await read(
    "read the machine's parameters",
    (signal) =>
      client
        .from("machine_parameters")
        .select()
        .eq("machine_id", machineId)
        .order("component_name")
        .order("name")
        .retry(false)
        .abortSignal(signal),
    options,
  );
  return rows(data).map(machineParameterRow);
}

/** All machines by name, for filters and choices. */
export async function fetchMachines(client: Client, options?: CallOptions): Promise<Machine[]> {
  const { data } = await read(
    "read the machines",
    (signal) => client.from("machines").select().order("name").retry(false).abortSignal(signal),
    options,
  );
  return rows(data).map(machineRow);
}

const rows = (data: unknown): unknown[] => (Array.isArray(data) ? data : []);

export const machineParametersQuery = (client: Client, machineId: string) =>
  queryOptions({
    queryKey: ["machine", machineId, "parameters"],
    queryFn: ({ signal }) => fetchMachineParameters(client, machineId, { signal }),
  });

export const machinesQuery = (client: Client) =>
  queryOptions({ queryKey: ["machines"], queryFn: ({ signal }) => fetchMachines(client, { signal }) });
