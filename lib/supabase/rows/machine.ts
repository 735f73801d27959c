import { z } from "zod";
import type { Lease } from "#lib/model/lease.ts";
import {
  type Machine,
  type MachineState,
  type MachineStatus,
  normaliseMachineStatus,
} from "#lib/model/machine.ts";
import { blankText, maybeBool, maybeMoment, maybeText, moment, number, parseRow, text } from "./row.ts";

const status = z.string().transform((value, context): MachineStatus => {
  const word = normaliseMachineStatus(value);
  if (word !== null) return word;
  context.addIssue({ code: "custom", message: `"${value}" is not a machine status` });
  return z.NEVER;
});

const machine = z
  .object({
    id: text,
    serial_number: text,
    name: maybeText,
    location: blankText,
    lab_name: blankText,
    model: blankText,
    machine_type: blankText,
    status,
    current_process_id: maybeText,
    version: number,
    is_virtual: maybeBool(false),
    is_active: maybeBool(true),
    timezone: maybeText,
    updated_at: moment,
  })
  .transform(
    (row): Machine => ({
      id: row.id,
      serialNumber: row.serial_number,
      name: row.name ?? row.serial_number,
      location: row.location,
      labName: row.lab_name,
      model: row.model,
      machineType: row.machine_type,
      status: row.status,
      currentRunId: row.current_process_id,
      version: row.version,
      isVirtual: row.is_virtual,
      isActive: row.is_active,
      timezone: row.timezone ?? "UTC",
      updatedAt: row.updated_at,
    }),
  );

const machineState = z
  .object({
    machine_id: text,
    current_state: status,
    state_since: maybeMoment,
    process_id: maybeText,
    is_failure_mode: maybeBool(false),
    failure_component: maybeText,
    failure_description: maybeText,
    updated_at: moment,
  })
  .transform(
    (row): MachineState => ({
      machineId: row.machine_id,
      status: row.current_state,
      since: row.state_since,
      runId: row.process_id,
      isFailure: row.is_failure_mode,
      failureComponent: row.failure_component,
      failureDescription: row.failure_description,
      updatedAt: row.updated_at,
    }),
  );

const lease = z
  .object({
    machine_id: text,
    controller: text,
    driver: maybeText,
    fence_token: number,
    acquired_at: moment,
    renewed_at: moment,
    expires_at: moment,
    is_simulated: maybeBool(false),
  })
  .transform(
    (row): Lease => ({
      machineId: row.machine_id,
      controller: row.controller,
      driver: row.driver ?? "",
      fenceToken: row.fence_token,
      acquiredAt: row.acquired_at,
      renewedAt: row.renewed_at,
      expiresAt: row.expires_at,
      isSimulated: row.is_simulated,
    }),
  );

export const machineRow = (row: unknown): Machine => parseRow("machines", machine, row);
export const machineStateRow = (row: unknown): MachineState => parseRow("machine_state", machineState, row);
export const leaseRow = (row: unknown): Lease => parseRow("machine_leases", lease, row);
