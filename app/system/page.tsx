import type { Metadata } from "next";
import { CannotRead } from "#app/cannot-read.tsx";
import { orRefusal } from "#app/or-refusal.ts";
import { SystemScreen } from "#app/system/system-screen.tsx";
import type { AppVersions } from "#lib/model/system.ts";
import { fetchFleet } from "#lib/queries/fleet.ts";
import { fetchSystemReport } from "#lib/queries/system.ts";
import { serverClient, serverConfig } from "#lib/supabase/server-client.ts";
import packageJson from "../../package.json";

export const metadata: Metadata = { title: "System" };

export default async function SystemPage() {
  const client = await serverClient();
  const read = await orRefusal(Promise.all([fetchSystemReport(client), fetchFleet(client)]));
  if (!read.ok) return <CannotRead title="System" refusal={read} />;
  const [report, fleet] = read.value;
  return <SystemScreen report={report} fleet={fleet} versions={versionsHere()} />;
}

/** Of what serves this page. The commit is known where whoever deploys says it. */
function versionsHere(): AppVersions {
  const commit = process.env["PULSEBOARD_COMMIT"] ?? process.env["VERCEL_GIT_COMMIT_SHA"] ?? "";
  return {
    app: packageJson.version,
    commit: /^[0-9a-f]{7,40}$/.test(commit) ? commit.slice(0, 12) : null,
    node: process.versions.node,
    isEmbedded: serverConfig().isEmbedded,
  };
}
