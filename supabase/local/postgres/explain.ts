/** Turns what Postgres wrote before it gave up into one sentence that says what to do. */

type Reason = { sign: RegExp; says: (port: number) => string };

const REASONS: Reason[] = [
  {
    sign: /No space left on device|ENOSPC/,
    says: () => "The disk is full, so Postgres cannot run; free some space and start again.",
  },
  {
    sign: /Address already in use|could not create any TCP\/IP sockets/,
    says: (port) =>
      `Port ${port} for the database is taken by another program; stop that program or set PULSEBOARD_DB_PORT to a free port.`,
  },
  {
    sign: /database files are incompatible|was initialized by PostgreSQL version/,
    says: () =>
      "The data folder was made by another Postgres version; move it away and start again with a fresh one.",
  },
  {
    sign: /has wrong ownership|could not access directory .*Permission denied/,
    says: () =>
      "The database belongs to another account of this machine; start as that account, or choose another folder with --data-dir.",
  },
  {
    sign: /error while loading shared libraries: (\S+):/,
    says: () =>
      "Postgres misses a shared library of its npm package; reinstall the packages with `npm ci` and start again.",
  },
  {
    sign: /could not create shared memory segment|could not resize shared memory|Cannot allocate memory/,
    says: () => "The machine has too little (shared) memory left for Postgres; free some and start again.",
  },
  {
    sign: /setresuid failed|setgroups failed|Operation not permitted/,
    says: () =>
      "Postgres does not run as root and this environment does not allow changing to `nobody`; start Pulseboard as a normal user.",
  },
];

/** The sentence for a failed Postgres program; the last line of its log when the cause is not a known one. */
export function explainPostgresFailure(log: string, program: string, port: number): string {
  const reason = REASONS.find(({ sign }) => sign.test(log));
  if (reason) return reason.says(port);
  const lines = log.trim().split("\n");
  const telling = lines.filter((line) => /FATAL|PANIC|error:/i.test(line)).at(-1) ?? lines.at(-1);
  return `${program} stopped while starting: ${telling || "it wrote nothing"}.`;
}
