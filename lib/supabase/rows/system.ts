import type { Fields } from "#lib/model/fields.ts";
import type { MachineLease, StoredMonth, SystemReport, Violation } from "#lib/model/system.ts";
import { rowReader } from "./row.ts";

const lease = (row: Fields): MachineLease => ({
  machineId: row.text("machine_id"),
  machineName: row.text("machine_name"),
  controller: row.text("controller"),
  driver: row.text("driver"),
  fenceToken: row.number("fence_token"),
  acquiredAt: row.moment("acquired_at"),
  renewedAt: row.moment("renewed_at"),
  expiresAt: row.moment("expires_at"),
  isSimulated: row.yesOr("is_simulated", false),
});

const violation = (row: Fields): Violation => ({
  invariant: row.text("invariant"),
  machineId: row.maybeText("machine_id"),
  machineName: row.maybeText("machine_name"),
  runId: row.maybeText("run_id"),
  detail: row.text("detail"),
});

const month = (row: Fields): StoredMonth => ({
  month: row.maybeText("month"),
  until: row.maybeMoment("until"),
  bytes: row.number("bytes"),
  readings: row.number("readings"),
});

function storageOf(row: Fields): SystemReport["storage"] {
  const storage = row.maybeInner("storage");
  return (
    storage && {
      tables: storage.each("tables", (one) => ({
        name: one.text("name"),
        bytes: one.number("bytes"),
        rows: one.number("rows"),
      })),
      telemetry: storage.each("telemetry", month),
      databaseBytes: storage.number("database_bytes"),
    }
  );
}

export const systemReportRow = rowReader("system_report", (row): SystemReport => {
  const migration = row.maybeInner("migration");
  return {
    serverTime: row.moment("server_time"),
    postgres: row.text("postgres"),
    migration: migration && {
      version: migration.text("version"),
      name: migration.maybeText("name"),
      count: migration.number("count"),
    },
    leases: row.each("leases", lease),
    violations: row.raw("violations") === null ? null : row.each("violations", violation),
    storage: storageOf(row),
  };
});
