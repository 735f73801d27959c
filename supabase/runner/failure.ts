/** Why a migration, test or rollback did not happen, as one sentence that names the file and what to do. */
export class MigrationFailure extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = "MigrationFailure";
    this.code = code;
  }
}
