/** Calls over HTTP as any program makes them, with nothing of a client library between the proof and the answer. */
import { Client } from "pg";

export type Place = { apiUrl: string; dbUrl: string; publishableKey: string; secretKey: string };
export type Reply = { status: number; body: unknown };
export type Headers = Record<string, string>;

const WITHIN_MS = 20_000;
const PASSWORD = "proof password";

/** One request; anything that answers is a reply, whatever its status. */
export async function ask(
  { apiUrl }: Place,
  method: string,
  path: string,
  headers: Headers,
  body?: unknown,
): Promise<Reply> {
  const response = await fetch(apiUrl + path, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(WITHIN_MS),
  });
  const text = await response.text();
  return { status: response.status, body: parsed(text) };
}

export const rpc = (place: Place, headers: Headers, fn: string, args: object): Promise<Reply> =>
  ask(place, "POST", `/rest/v1/rpc/${fn}`, headers, args);

export const asController = ({ secretKey }: Place): Headers => ({
  apikey: secretKey,
  authorization: `Bearer ${secretKey}`,
});

export const asNobody = ({ publishableKey }: Place): Headers => ({ apikey: publishableKey });

export const withToken = ({ publishableKey }: Place, token: string): Headers => ({
  apikey: publishableKey,
  authorization: `Bearer ${token}`,
});

/** A person who can sign in, and the token of doing so; `machines` are assigned. */
export async function signedIn(
  place: Place,
  role: string,
  machines: string[] = [],
): Promise<{ id: string; email: string; token: string }> {
  const db = new Client({ connectionString: place.dbUrl });
  await db.connect();
  const id = crypto.randomUUID();
  const email = `${id}@proof.local`;
  try {
    await db.query(
      `insert into auth.users (id, instance_id, aud, role, email, encrypted_password, email_confirmed_at, created_at, updated_at)
       values ($1, '00000000-0000-0000-0000-000000000000', 'authenticated', 'authenticated', $2,
         extensions.crypt($3, extensions.gen_salt('bf', 4)), now(), now(), now())`,
      [id, email, PASSWORD],
    );
    await db.query("insert into public.profiles (id, email, full_name, role) values ($1, $2, $3, $3)", [
      id,
      email,
      role,
    ]);
    for (const machine of machines)
      await db.query("insert into public.user_machine_assignments (user_id, machine_id) values ($1, $2)", [
        id,
        machine,
      ]);
  } finally {
    await db.end();
  }
  const path = "/auth/v1/token?grant_type=password";
  const answer = await ask(place, "POST", path, asNobody(place), { email, password: PASSWORD });
  const token = Reflect.get(Object(answer.body), "access_token");
  if (typeof token !== "string") throw new Error(`${email} could not sign in: ${answer.status}`);
  return { id, email, token };
}

/** The word of a refusal, or the SQLSTATE of a fault. */
export const codeOf = ({ body }: Reply): unknown => Reflect.get(Object(body), "code");
export const runIdOf = ({ body }: Reply): string => String(Reflect.get(Object(body), "run_id"));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
