import type { Fields } from "#lib/model/fields.ts";
import type { Lease } from "#lib/model/lease.ts";
import {
  type Machine,
  type MachineState,
  type MachineStatus,
  normaliseMachineStatus,
} from "#lib/model/machine.ts";
import { filledText, rowReader } from "./row.ts";

function status(row: Fields, name: string): MachineStatus {
  const value = row.text(name);
  return normaliseMachineStatus(value) ?? row.fail(name, `"${value}" is not a machine status`);
}

export const machineRow = rowReader(
  "machines",
  (row): Machine => ({
    id: row.text("id"),
    serialNumber: row.text("serial_number"),
    name: row.maybeText("name") ?? row.text("serial_number"),
    location: filledText(row, "location"),
    labName: filledText(row, "lab_name"),
    model: filledText(row, "model"),
    machineType: filledText(row, "machine_type"),
    status: status(row, "status"),
    currentRunId: row.maybeText("current_process_id"),
    version: row.number("version"),
    isVirtual: row.yesOr("is_virtual", false),
    isActive: row.yesOr("is_active", true),
    timezone: row.maybeText("timezone") ?? "UTC",
    updatedAt: row.moment("updated_at"),
  }),
);

export const machineStateRow = rowReader(
  "machine_state",
  (row): MachineState => ({
    machineId: row.text("machine_id"),
    status: status(row, "current_state"),
    since: row.maybeMoment("state_since"),
    runId: row.maybeText("process_id"),
    isFailure: row.yesOr("is_failure_mode", false),
    failureComponent: row.maybeText("failure_component"),
    failureDescription: row.maybeText("failure_description"),
    updatedAt: row.moment("updated_at"),
  }),
);

export const leaseRow = rowReader(
  "machine_leases",
  (row): Lease => ({
    machineId: row.text("machine_id"),
    controller: row.text("controller"),
    driver: row.maybeText("driver") ?? "",
    fenceToken: row.number("fence_token"),
    acquiredAt: row.moment("acquired_at"),
    renewedAt: row.moment("renewed_at"),
    expiresAt: row.moment("expires_at"),
    isSimulated: row.yesOr("is_simulated", false),
  }),
);
