import { describe, expect, test } from "vitest";
import { explainPostgresFailure } from "./explain.ts";

const explain = (log: string) => explainPostgresFailure(log, "Postgres", 54322);

describe("explainPostgresFailure", () => {
  test.each([
    ['FATAL:  could not write to file "pg_wal/xlogtemp.12": No space left on device', /^The disk is full/],
    [
      'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use',
      /^Port 54322 .*PULSEBOARD_DB_PORT/,
    ],
    ["FATAL:  database files are incompatible with server", /another Postgres version; move it away/],
    ["postgres: error while loading shared libraries: libicui18n.so.60: cannot open", /npm ci/],
    ['FATAL:  data directory "/data/cluster" has wrong ownership', /belongs to another account/],
    ["setpriv: setresuid failed: Operation not permitted", /start Pulseboard as a normal user/],
    [
      "FATAL:  could not create shared memory segment: Cannot allocate memory",
      /too little \(shared\) memory/,
    ],
  ])("explains %s", (log, sentence) => {
    expect(explain(`LOG:  starting\n${log}\nLOG:  database system is shut down\n`)).toMatch(sentence);
  });

  test("quotes the telling line of an unknown failure", () => {
    expect(explain("LOG:  starting\nFATAL:  the moon is full\nLOG:  shut down\n")).toBe(
      "Postgres stopped while starting: FATAL:  the moon is full.",
    );
    expect(explain("")).toBe("Postgres stopped while starting: it wrote nothing.");
  });
});
