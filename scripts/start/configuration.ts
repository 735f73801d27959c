import { StartFault } from "#scripts/start/start-fault.ts";

/** The Supabase project to work with: the one that starts along, or one that runs elsewhere. */
export type Project =
  | { kind: "embedded" }
  | { kind: "remote"; url: string; publishableKey: string; secretKey: string | undefined };

export type Configuration = { port: number; project: Project };

type Environment = Record<string, string | undefined>;

const DEFAULT_PORT = 3000;

/** Reads what the environment asks for; throws a StartFault that names the variable that is wrong. */
export function readConfiguration(environment: Environment): Configuration {
  return { port: readPort(environment["PORT"]), project: readProject(environment) };
}

function readPort(text: string | undefined): number {
  if (text === undefined || text.trim() === "") return DEFAULT_PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new StartFault(`PORT is "${text}", which is no port; use a number from 0 (any free one) to 65535.`);
}

function readProject(environment: Environment): Project {
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const url = read("SUPABASE_URL");
  const publishableKey = read("SUPABASE_PUBLISHABLE_KEY");
  const secretKey = read("SUPABASE_SECRET_KEY");
  if (url === undefined) {
    const lonely = publishableKey
      ? "SUPABASE_PUBLISHABLE_KEY"
      : secretKey
        ? "SUPABASE_SECRET_KEY"
        : undefined;
    if (lonely === undefined) return { kind: "embedded" };
    throw new StartFault(
      `${lonely} is set but SUPABASE_URL is not; set SUPABASE_URL too, or neither for the built-in database.`,
    );
  }
  if (!/^https?:\/\/\S+$/.test(url) || !URL.canParse(url)) {
    throw new StartFault(
      `SUPABASE_URL is "${url}", which is no http(s) address; copy it from your project's settings.`,
    );
  }
  if (publishableKey === undefined) {
    throw new StartFault(
      "SUPABASE_URL is set but SUPABASE_PUBLISHABLE_KEY is not; copy it from your project's API settings.",
    );
  }
  if (isSecret(publishableKey)) {
    throw new StartFault(
      "SUPABASE_PUBLISHABLE_KEY holds a secret key, which must never reach a browser; put the publishable one there.",
    );
  }
  return { kind: "remote", url: url.replace(/\/+$/, ""), publishableKey, secretKey };
}

/** A secret key of either generation: `sb_secret_…`, or a token whose role is service_role. */
function isSecret(key: string): boolean {
  if (key.startsWith("sb_secret_")) return true;
  const claims = key.split(".")[1];
  return (
    claims !== undefined && /"role"\s*:\s*"service_role"/.test(Buffer.from(claims, "base64url").toString())
  );
}
