/** What a client asks for when it joins a channel. */
import { z } from "zod";
import type { Binding, ChangeEvent } from "../subscription.ts";
import { type Parsed, parseFilters } from "./filter.ts";

const flag = z.union([z.boolean(), z.stringbool()]).catch(false);

const joinPayload = z.object({
  access_token: z.string().nullish(),
  user_token: z.string().nullish(),
  config: z
    .object({
      private: flag.optional(),
      presence: z.object({ enabled: flag.optional() }).nullish(),
      broadcast: z.object({ replay: z.unknown() }).partial().nullish(),
      postgres_changes: z.array(z.record(z.string(), z.unknown()).nullable()).nullish(),
      postgres_changes_options: z
        .object({ wait: flag.optional(), timeout: z.number().int().positive().optional().catch(undefined) })
        .nullish(),
    })
    .nullish(),
});

export type Join = {
  /** Null: the channel speaks as the API key of its socket. */
  token: string | null;
  /** The bindings as sent, in order; the reply echoes them with ids. */
  requested: readonly Record<string, unknown>[];
  /** How long the reply is held until the subscription is confirmed, ms; null: it is not held. */
  waitMs: number | null;
};

const DEFAULT_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 20_000;

/** Reads a join; a part of Realtime that this server does not have is refused, unless it is only a default. */
export function parseJoin(payload: unknown): Parsed<Join> {
  const parsed = joinPayload.safeParse(payload);
  if (!parsed.success) {
    return { ok: false, message: `InvalidJoinPayload: ${z.prettifyError(parsed.error)}` };
  }
  const { config, access_token, user_token } = parsed.data;
  const missing = config === null || config === undefined ? null : missingPart(config);
  if (missing !== null) return { ok: false, message: missing };
  const token = access_token ?? user_token ?? null;
  const options = config?.postgres_changes_options;
  return {
    ok: true,
    value: {
      token: token === null || isOpaqueKey(token) ? null : token,
      requested: (config?.postgres_changes ?? []).filter((binding) => binding !== null),
      waitMs: options?.wait ? Math.min(options.timeout ?? DEFAULT_WAIT_MS, LONGEST_WAIT_MS) : null,
    },
  };
}

/** Opaque keys are no user tokens: clients send them as one while nobody is signed in, and they are to be ignored. */
export function isOpaqueKey(token: string): boolean {
  return token.startsWith("sb_");
}

function missingPart(config: NonNullable<z.infer<typeof joinPayload>["config"]>): string | null {
  const only = "the embedded stack serves postgres_changes only";
  if (config.private) return `PrivateChannelsUnavailable: ${only}; join without \`private: true\``;
  if (config.presence?.enabled) return `PresenceUnavailable: ${only}; join without presence`;
  if (config.broadcast?.replay !== undefined) return `BroadcastUnavailable: ${only}; join without replay`;
  return null;
}

/** Reads the bindings of a join in order. The message is the hosted server's for what it can tell without the database. */
export function parseBindings(
  requested: readonly Record<string, unknown>[],
  ids: readonly number[],
): Parsed<Binding[]> {
  const bindings: Binding[] = [];
  for (const [index, params] of requested.entries()) {
    const parsed = parseBinding(params, ids[index] ?? 0);
    if (!parsed.ok) return parsed;
    bindings.push(parsed.value);
  }
  return { ok: true, value: bindings };
}

function parseBinding(params: Record<string, unknown>, id: number): Parsed<Binding> {
  const { schema, table, filter, select } = params;
  const hasNames = isTextOrAbsent(schema) && isTextOrAbsent(table) && (schema ?? table) !== undefined;
  if (!hasNames || !isTextOrAbsent(filter) || (filter !== undefined && table === undefined)) {
    return {
      ok: false,
      message: `No subscription params provided. Please provide at least a \`schema\` or \`table\` to subscribe to: ${JSON.stringify(params)}`,
    };
  }
  const filters = parseFilters(filter ?? "");
  if (!filters.ok) return filters;
  if (select !== undefined && select !== null && !isTextList(select)) {
    return { ok: false, message: "Error parsing `select` params: expected a list of column name strings" };
  }
  const [inSchema, ofTable] = [schema ?? "public", table ?? "*"];
  const isSelecting = isTextList(select) && select.length > 0;
  if ((isSelecting || filters.value.length > 0) && (inSchema === "*" || ofTable === "*")) {
    const what = isSelecting ? "Column selection" : "A filter";
    return {
      ok: false,
      message: `${what} is not supported for wildcard subscriptions. Provide an explicit schema and table name.`,
    };
  }
  return {
    ok: true,
    value: {
      id,
      event: changeEvent(params["event"]),
      schema: inSchema,
      table: ofTable,
      filters: filters.value,
      select: isSelecting ? select : null,
    },
  };
}

function changeEvent(event: unknown): ChangeEvent {
  const name = typeof event === "string" ? event.toUpperCase() : "*";
  return name === "INSERT" || name === "UPDATE" || name === "DELETE" ? name : "*";
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
