import type { EpochMs } from "#lib/time.ts";
import { filledText, rowReader } from "./row.ts";

export const nameRow = rowReader("profiles", (row): [id: string, name: string | null] => [
  row.text("id"),
  filledText(row, "full_name") ?? filledText(row, "username"),
]);

export const stepTimeRow = rowReader("step_execution_history", (row): [seq: number, at: EpochMs] => [
  row.number("seq"),
  row.moment("started_at"),
]);
