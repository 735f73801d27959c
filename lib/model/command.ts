import type { EpochMs } from "#lib/time.ts";

export const commandStatuses = [
  "requested",
  "accepted",
  "executing",
  "succeeded",
  "failed",
  "rejected",
  "expired",
  "superseded",
] as const;
export type CommandStatus = (typeof commandStatuses)[number];
export const commandKinds = ["start", "stop", "clear", "reconcile"] as const;
export type CommandKind = (typeof commandKinds)[number];
export type StopMode = "now" | "end_of_cycle";

const statusLabels: Record<CommandStatus, string> = {
  requested: "Requested",
  accepted: "Accepted",
  executing: "Executing",
  succeeded: "Done",
  failed: "Failed",
  rejected: "Rejected",
  expired: "Expired",
  superseded: "Superseded",
};
const kindLabels: Record<CommandKind, string> = {
  start: "Start",
  stop: "Stop",
  clear: "Clear",
  reconcile: "Reconcile",
};

export const commandStatusLabel = (status: CommandStatus): string => statusLabels[status];
export const commandKindLabel = (kind: CommandKind): string => kindLabels[kind];

/** One `machine_commands` row: what a person asked for and how far it got. `id` is the key the browser made. */
export type Command = {
  id: string;
  machineId: string;
  runId: string | null;
  kind: CommandKind;
  mode: StopMode | null;
  status: CommandStatus;
  recipeId: string | null;
  reason: string | null;
  requestedBy: string | null;
  /** Known from reads only; change messages carry no names. */
  requestedByName: string | null;
  requestedAt: EpochMs;
  acceptedAt: EpochMs | null;
  executingAt: EpochMs | null;
  settledAt: EpochMs | null;
  refusalCode: string | null;
  refusal: string | null;
  refusalHint: string | null;
};

/** True once the command has its one outcome and will not change again. */
export const isCommandSettled = (status: CommandStatus): boolean => commandRank(status) === 3;

/** How far along the lifecycle a status is (0..3). Statuses only move to a higher rank. */
export function commandRank(status: CommandStatus): 0 | 1 | 2 | 3 {
  if (status === "requested") return 0;
  if (status === "accepted") return 1;
  if (status === "executing") return 2;
  return 3;
}

export type StartRunRequest = {
  commandId: string;
  machineId: string;
  recipeId: string;
  /** The machine version the person was looking at; null sends none and gives the check up. */
  expectedVersion: number | null;
  /** The tag of the program that the person reviewed; null gives that check up. */
  expectedProgram: string | null;
  description: string | null;
  parameters: Record<string, string | number | boolean>;
};
export type StopRequest = {
  commandId: string;
  machineId: string;
  runId: string | null;
  mode: StopMode;
  reason: string | null;
};
export type ClearRequest = { commandId: string; machineId: string; reason: string };
export type ReconcileRequest = {
  commandId: string;
  runId: string;
  outcome: "aborted" | "failed";
  reason: string;
};
