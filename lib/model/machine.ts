import type { EpochMs } from "#lib/time.ts";

export const machineStatuses = [
  "offline",
  "idle",
  "processing",
  "stopping",
  "error",
  "unknown",
  "maintenance",
] as const;
export type MachineStatus = (typeof machineStatuses)[number];

const labels: Record<MachineStatus, string> = {
  offline: "Offline",
  idle: "Idle",
  processing: "Processing",
  stopping: "Stopping",
  error: "Error",
  unknown: "Unknown",
  maintenance: "Maintenance",
};

const oldSpellings: Record<string, MachineStatus> = { running: "processing", inactive: "offline" };

export const machineStatusLabel = (status: MachineStatus): string => labels[status];

/** Maps any letter case and the old spellings (running, inactive) to the status word; null when it is none. */
export function normaliseMachineStatus(text: string): MachineStatus | null {
  const word = text.trim().toLowerCase();
  return machineStatuses.find((status) => status === word) ?? oldSpellings[word] ?? null;
}

/** True while a run may be moving hardware: processing, stopping, or unknown (controller lost during a run). */
export const isMachineBusy = (status: MachineStatus): boolean =>
  status === "processing" || status === "stopping" || status === "unknown";

export type Machine = {
  id: string;
  serialNumber: string;
  name: string;
  location: string | null;
  labName: string | null;
  model: string | null;
  machineType: string | null;
  status: MachineStatus;
  currentRunId: string | null;
  /** Grows by one on every change; sent back with a start so that a stale screen is refused. */
  version: number;
  isVirtual: boolean;
  isActive: boolean;
  /** IANA zone of the site. */
  timezone: string;
  updatedAt: EpochMs;
};

export type MachineState = {
  machineId: string;
  status: MachineStatus;
  since: EpochMs | null;
  runId: string | null;
  isFailure: boolean;
  failureComponent: string | null;
  failureDescription: string | null;
  updatedAt: EpochMs;
};
