import type { Lease } from "#lib/model/lease.ts";
import type { EpochMs } from "#lib/time.ts";

export type MachineLease = Lease & { machineName: string };

/** The record contradicts itself: which invariant, where, and what stands against what. */
export type Violation = {
  invariant: string;
  machineId: string | null;
  machineName: string | null;
  runId: string | null;
  detail: string;
};

/** What a table or a month of telemetry takes; rows as last counted. */
export type StoredTable = { name: string; bytes: number; rows: number };
export type StoredMonth = {
  /** yyyy-mm; null for readings of months that have no part of their own: those long past, and those of a clock far off. */
  month: string | null;
  until: EpochMs | null;
  bytes: number;
  readings: number;
};

export type SystemReport = {
  serverTime: EpochMs;
  postgres: string;
  /** The newest that was applied, and how many were; null where nobody keeps the list. */
  migration: { version: string; name: string | null; count: number } | null;
  leases: readonly MachineLease[];
  /** Null for whom they are not. */
  violations: readonly Violation[] | null;
  storage: {
    tables: readonly StoredTable[];
    telemetry: readonly StoredMonth[];
    databaseBytes: number;
  } | null;
};

/** What serves the pages. */
export type AppVersions = { app: string; commit: string | null; node: string; isEmbedded: boolean };
