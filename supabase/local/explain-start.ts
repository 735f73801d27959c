import { MigrationFailure } from "#supabase/runner/failure.ts";
import { errorCode, StackFault } from "./stack-fault.ts";

/** The sentence for a failure from below that has a known remedy; null for one that is already told, or unknown. */
export function explainStart(error: unknown): StackFault | null {
  if (error instanceof MigrationFailure) return new StackFault(explainMigration(error), { cause: error });
  const code = errorCode(error);
  const path = error instanceof Error && "path" in error ? String(error.path) : "a file of the stack";
  if (code === "ENOSPC" || code === "EDQUOT" || code === "53100") {
    return new StackFault("The disk is full, so the database cannot run; free some space and start again.", {
      cause: error,
    });
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new StackFault(
      `${path} may not be used by this account; start as the account that owns it, or choose another folder with --data-dir.`,
      { cause: error },
    );
  }
  return null;
}

/** Whoever only starts Pulseboard edited no migration: the folder holds the data of another version. */
function explainMigration({ code, message }: MigrationFailure): string {
  if (code !== "applied_file_changed") return message;
  const [fileName] = message.split(" ");
  return `The data folder was made by another version of Pulseboard, whose ${fileName} has another text, and was left as it is; start that version again, or name a new folder in PULSEBOARD_DATA_DIR.`;
}
