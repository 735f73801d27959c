import type { SystemReport } from "#lib/model/system.ts";
import { type CallOptions, type Client, read } from "#lib/supabase/call.ts";
import { systemReportRow } from "#lib/supabase/rows/system.ts";

/** What the database says of itself, as much as is for the reader. Throws ReadFault. */
export async function fetchSystemReport(client: Client, options?: CallOptions): Promise<SystemReport> {
  const { data } = await read(
    "read what the system says of itself",
    (signal) => client.rpc("system_report").abortSignal(signal),
    options,
  );
  return systemReportRow(data);
}
