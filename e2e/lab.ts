import { randomUUID } from "node:crypto";
import pg from "pg";
import type { StackInfo } from "#supabase/local/stack.ts";

type Role = "viewer" | "operator" | "engineer" | "admin";

/** A step of a test's own recipe; all times in milliseconds. */
export type Step =
  | { pulse: number; ms: number; name?: string }
  | { purge: number; name?: string }
  | { wait: number; name?: string }
  | { loop: number; steps: Step[]; name?: string };

export type Machine = { id: string; name: string };
export type Recipe = { id: string; name: string };
export type Person = { id: string; email: string; password: string };

/**
 * What a test brings into being for itself, through the database and the secret key: machines, recipes, people. Nothing is
 * shared between tests, and the stack is thrown away; only machines are put out of service, so that nobody has to play them.
 */
export type Lab = {
  sql<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /**
   * A machine fitted like the demo's; the executor serves it within seconds (`served` waits for that). With `isByHand` it
   * leaves it alone: the test itself is the controller (hand-controller.ts).
   */
  machine(options?: { isByHand: boolean }): Promise<Machine>;
  /** Resolves when a controller holds the machine and it is idle. */
  served(machine: Machine): Promise<void>;
  recipe(steps: Step[], name?: string): Promise<Recipe>;
  /** A person with a role, assigned to the machines given. */
  person(role: Role, machines?: Machine[]): Promise<Person>;
  /** Stops what runs on the machines made so far and puts them out of service. */
  retire(): Promise<void>;
  close(): Promise<void>;
};

/** Opens a lab on a running stack. */
export function openLab(stack: StackInfo): Lab {
  const pool = new pg.Pool({ connectionString: stack.dbUrl, max: 4 });
  // A database that is restarted ends the connections nobody uses; the next query opens another.
  pool.on("error", () => undefined);
  const sql: Lab["sql"] = async (text, values) => (await pool.query(text, values)).rows;
  const made: Machine[] = [];
  // The executor takes a new machine up only when it looks the next time: the one for the next test waits for that now.
  let spare: Promise<Machine> | null = null;
  const simulated = (): Promise<Machine> => {
    const taken = spare ?? makeMachine(sql, false);
    spare = makeMachine(sql, false);
    // Whoever takes it hears of it.
    spare.catch(() => undefined);
    return taken;
  };
  return {
    sql,
    machine: async (options) => {
      const machine = await (options?.isByHand ? makeMachine(sql, true) : simulated());
      made.push(machine);
      return machine;
    },
    served: (machine) => waitUntilServed(sql, machine),
    recipe: (steps, name = `Recipe ${randomUUID().slice(0, 8)}`) => makeRecipe(sql, steps, name),
    person: (role, machines = []) => makePerson(stack, sql, role, machines),
    retire: async () => {
      for (const { id } of made.splice(0)) await retire(sql, id);
    },
    close: async () => {
      if (spare !== null) await retire(sql, (await spare).id);
      await pool.end();
    },
  };
}

async function makeMachine(sql: Lab["sql"], isByHand: boolean): Promise<Machine> {
  const id = randomUUID();
  const name = `T-${id.slice(0, 6)}`;
  await sql(
    `insert into public.machines (id, serial_number, name, location, lab_name, model, machine_type, is_virtual, virtual_config)
     select $1, $2, $2, location, lab_name, model, machine_type, $3, virtual_config
     from public.machines where serial_number = 'ALD-01'`,
    [id, name, !isByHand],
  );
  await sql(
    `with fitted as (
       insert into public.machine_components (machine_id, name, type, definition_id)
       select $1, c.name, c.type, c.definition_id
       from public.machine_components c join public.machines m on m.id = c.machine_id where m.serial_number = 'ALD-01'
       returning id, name)
     insert into public.component_parameters
       (component_id, definition_id, min_value, max_value, current_value, set_value, is_writable, show_in_graph)
     select f.id, p.definition_id, p.min_value, p.max_value, p.current_value, p.set_value, p.is_writable, p.show_in_graph
     from fitted f
     join public.machine_components c on c.name = f.name
     join public.machines m on m.id = c.machine_id and m.serial_number = 'ALD-01'
     join public.component_parameters p on p.component_id = c.id`,
    [id],
  );
  return { id, name };
}

const RETIRE_TRIES = 5;

/** As an administrator asks for it, in one transaction: a controller may be writing at the same moment. */
async function retire(sql: Lab["sql"], id: string): Promise<void> {
  for (let tried = 1; tried <= RETIRE_TRIES; tried += 1) {
    try {
      await sql(RETIRE.replaceAll("$1", `'${id}'`));
      return;
    } catch (error) {
      if (tried === RETIRE_TRIES) throw error;
    }
  }
}

/** The server undoes all of it when one statement fails. */
const RETIRE = `
  set transaction isolation level repeatable read;
  update public.machines set is_active = false where id = $1;
  select set_config('request.jwt.claims', jsonb_build_object('role', 'authenticated', 'sub', p.id)::text, true)
  from public.profiles p where p.role = 'admin' limit 1;
  select public.request_stop(gen_random_uuid(), m.id) from public.machines m where m.id = $1 and m.current_process_id is not null;`;

const SERVED_WITHIN_MS = 20_000;
const LOOK_AGAIN_MS = 100;

async function waitUntilServed(sql: Lab["sql"], { id, name }: Machine): Promise<void> {
  const deadline = performance.now() + SERVED_WITHIN_MS;
  while (performance.now() < deadline) {
    const rows = await sql(
      `select 1 from public.machines m join public.machine_leases l on l.machine_id = m.id
       where m.id = $1 and m.status = 'idle' and l.expires_at > now()`,
      [id],
    );
    if (rows.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  throw new Error(
    `No controller took machine ${name} within ${SERVED_WITHIN_MS / 1000} s; is the executor running?`,
  );
}

async function makeRecipe(sql: Lab["sql"], steps: Step[], name: string): Promise<Recipe> {
  const id = randomUUID();
  await sql("insert into public.recipes (id, name, description) values ($1, $2, 'made by a test')", [
    id,
    name,
  ]);
  let sequence = 0;
  const add = async (step: Step, parent: string | null): Promise<void> => {
    const stepId = randomUUID();
    sequence += 1;
    await sql(
      `insert into public.recipe_steps (id, recipe_id, sequence_number, name, type, parent_step_id)
       values ($1, $2, $3, $4, $5, $6)`,
      [stepId, id, sequence, step.name ?? nameOf(step), typeOf(step), parent],
    );
    await configure(sql, stepId, step);
    if ("loop" in step) for (const child of step.steps) await add(child, stepId);
  };
  for (const step of steps) await add(step, null);
  return { id, name };
}

function typeOf(step: Step): string {
  if ("pulse" in step) return "valve";
  if ("purge" in step) return "purge";
  return "wait" in step ? "wait" : "loop";
}

function nameOf(step: Step): string {
  if ("pulse" in step) return `Pulse valve ${step.pulse}`;
  if ("purge" in step) return "Purge";
  return "wait" in step ? "Wait" : "Cycle";
}

async function configure(sql: Lab["sql"], stepId: string, step: Step): Promise<void> {
  if ("pulse" in step) {
    await sql(
      "insert into public.valve_step_config (step_id, valve_id, valve_number, duration_ms) values ($1, $2, $3, $4)",
      [stepId, `valve_${step.pulse}`, step.pulse, step.ms],
    );
  } else if ("purge" in step) {
    await sql(
      "insert into public.purge_step_config (step_id, duration_ms, gas_type, flow_rate) values ($1, $2, 'N2', 150)",
      [stepId, step.purge],
    );
  } else if ("wait" in step) {
    await sql("insert into public.wait_step_config (step_id, duration_ms) values ($1, $2)", [
      stepId,
      step.wait,
    ]);
  } else {
    await sql("insert into public.loop_step_config (step_id, iteration_count) values ($1, $2)", [
      stepId,
      step.loop,
    ]);
  }
}

async function makePerson(
  stack: StackInfo,
  sql: Lab["sql"],
  role: Role,
  machines: Machine[],
): Promise<Person> {
  const email = `${role}-${randomUUID().slice(0, 8)}@test.local`;
  const password = randomUUID();
  const response = await fetch(`${stack.apiUrl}/auth/v1/admin/users`, {
    method: "POST",
    headers: {
      apikey: stack.secretKey,
      authorization: `Bearer ${stack.secretKey}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ email, password, email_confirm: true }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`${email} could not be created: ${await response.text()}`);
  const { id } = (await response.json()) as { id: string };
  await sql(
    `insert into public.profiles (id, username, full_name, email, role) values ($1, $2, $3, $4, $5)`,
    [id, email, `Test ${role}`, email, role],
  );
  for (const machine of machines) {
    await sql("insert into public.user_machine_assignments (user_id, machine_id) values ($1, $2)", [
      id,
      machine.id,
    ]);
  }
  return { id, email, password };
}
