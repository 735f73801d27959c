/**
 * The pgoutput decoder with two differences to the package's own: values stay Postgres text, and the slot is
 * TEMPORARY. Text is kept by replacing the parser of each column when its relation message arrives; the global
 * `pg` type parsers are never touched, because every other user of `pg` in the process would read booleans as
 * text (a wrong password was once accepted that way). Guarded by pgoutput.test.ts.
 */
import type { Client } from "pg";
import { type Pgoutput, PgoutputPlugin } from "pg-logical-replication";

export type Relation = Pgoutput.MessageRelation;

/** Column → text; `undefined` marks an unchanged TOAST value, which pgoutput does not send. */
export type Row = Readonly<Record<string, string | null | undefined>>;

export class TextPgoutput extends PgoutputPlugin {
  override parse(buffer: Buffer): Pgoutput.Message {
    const message = super.parse(buffer);
    if (message.tag === "relation") {
      for (const column of message.columns) column.parser = asText;
    }
    return message;
  }

  /** A temporary slot ends with its connection; a lasting one would pin WAL for ever after a crash. */
  override async start(client: Client, slotName: string, lastLsn: string): Promise<unknown> {
    await client.query(
      `CREATE_REPLICATION_SLOT "${slotName}" TEMPORARY LOGICAL pgoutput (SNAPSHOT 'nothing')`,
    );
    return super.start(client, slotName, lastLsn);
  }
}

function asText(raw: string): string {
  return raw;
}
