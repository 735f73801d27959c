/**
 * Session settings under which Postgres' text output is what values.ts reads, whatever the server, the role or
 * the PG* environment say. Passed as start-up options, because a replication connection takes no SET.
 */
export const PLAIN_TEXT_SESSION = [
  "timezone=UTC",
  "datestyle=ISO",
  "intervalstyle=postgres",
  "extra_float_digits=1",
  "bytea_output=hex",
  "application_name=pulseboard-realtime",
]
  .map((setting) => `-c ${setting}`)
  .join(" ");
