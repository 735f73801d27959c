// Other people looking at the same machine: many Realtime clients, each with its own socket. A program of its own, so
// that what they cost the clients does not slow the measurement. Says "ready" when all of them hear.

import { createClient } from "@supabase/supabase-js";

const [url = "", key = "", token = "", machineId = "", runId = "", count = "1"] = process.argv.slice(2);

function view(): Promise<void> {
  const client = createClient(url, key, { auth: { persistSession: false, autoRefreshToken: false } });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  client.realtime
    .setAuth(token)
    .then(() => {
      client
        .channel("viewer")
        .on(
          "postgres_changes",
          { event: "*", schema: "public", table: "machines", filter: `id=eq.${machineId}` },
          () => undefined,
        )
        .on(
          "postgres_changes",
          {
            event: "*",
            schema: "public",
            table: "process_execution_state",
            filter: `execution_id=eq.${runId}`,
          },
          () => undefined,
        )
        .on(
          "postgres_changes",
          { event: "*", schema: "public", table: "step_execution_history", filter: `process_id=eq.${runId}` },
          () => undefined,
        )
        .subscribe((status, error) => {
          if (status === "SUBSCRIBED") resolve();
          else if (error) reject(error);
        });
    })
    .catch(reject);
  return promise;
}

await Promise.all(Array.from({ length: Number(count) }, view));
console.log("ready");
process.on("SIGTERM", () => process.exit(0));
