// For stack tests: a person, a machine with parameters and a recipe of the test's own, and a controller that serves it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { DriverKind } from "#executor/drivers/driver-kind.ts";
import { simulatedKind } from "#executor/drivers/simulated/kind.ts";
import { MachineController } from "#executor/machine/machine-controller.ts";
import { ControllerClient, type MachineRow } from "#executor/reporter/controller-client.ts";
import { PersonClient } from "#executor/reporter/person-client.ts";
import type { ProgramStep } from "#lib/model/program.ts";

export type Place = { apiUrl: string; dbUrl: string; publishableKey: string; secretKey: string };

const PASSWORD = "test password";
const PARAMETERS = ["chamber_pressure", "chamber_temperature", "carrier_flow", "pump_pressure"];

export type StepRow = {
  seq: number;
  step_type: string;
  step_name: string;
  loop_path: number[];
  cycle: number | null;
  planned_ms: number;
  measured_ms: number | null;
  device_ms: number;
  end_reason: string | null;
  pulse: { peak_torr: number } | null;
  is_open: boolean;
};

export class TestBed {
  readonly place: Place;
  readonly db: Client;
  readonly folder: string;
  readonly machine: MachineRow;
  readonly operator: PersonClient;
  readonly operatorLogin: { email: string; password: string };

  private constructor(
    place: Place,
    db: Client,
    folder: string,
    machine: MachineRow,
    operator: PersonClient,
    operatorLogin: { email: string; password: string },
  ) {
    this.place = place;
    this.db = db;
    this.folder = folder;
    this.machine = machine;
    this.operator = operator;
    this.operatorLogin = operatorLogin;
  }

  static async open(place: Place, virtualConfig: Record<string, unknown> = {}): Promise<TestBed> {
    const db = new Client({ connectionString: place.dbUrl });
    await db.connect();
    const serial = `TEST-${crypto.randomUUID()}`;
    const email = `${serial.toLowerCase()}@test.local`;
    const inserted = await db.query<{ id: string }>(MAKE_MACHINE, [
      serial,
      JSON.stringify(virtualConfig),
      email,
    ]);
    const id = inserted.rows[0]?.id ?? "";
    for (const name of PARAMETERS) await db.query(MAKE_PARAMETER, [id, name]);
    const signedIn = await PersonClient.signIn(place, email, PASSWORD);
    if (!signedIn.ok) throw new Error(signedIn.message);
    const folder = await mkdtemp(join(tmpdir(), "executor-"));
    const machine = { id, serial_number: serial, name: serial, virtual_config: virtualConfig };
    return new TestBed(place, db, folder, machine, signedIn.person, { email, password: PASSWORD });
  }

  async close(): Promise<void> {
    await this.operator.signOut();
    await this.db.end();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Stores a recipe of these steps; answers with its id. */
  async recipe(steps: readonly ProgramStep[]): Promise<string> {
    const made = await this.db.query<{ id: string }>(
      "insert into recipes (name) values ('Test recipe') returning id",
    );
    const id = made.rows[0]?.id ?? "";
    let number = 0;
    const store = async (list: readonly ProgramStep[], parent: string | null): Promise<void> => {
      for (const step of list) {
        number += 1;
        const row = await this.db.query<{ id: string }>(
          "insert into recipe_steps (recipe_id, sequence_number, name, type, parent_step_id) values ($1, $2, $3, $4, $5) returning id",
          [id, number, step.name, step.type, parent],
        );
        await this.#configure(row.rows[0]?.id ?? "", step);
        if (step.type === "loop") await store(step.children, row.rows[0]?.id ?? null);
      }
    };
    await store(steps, null);
    return id;
  }

  /** A controller at work, and how to end it: `shutdown` as SIGTERM would. */
  async serve(options: { fetch?: typeof fetch; kind?: DriverKind; folder?: string; name?: string } = {}) {
    const ending = new AbortController();
    const claimed = Promise.withResolvers<void>();
    const lines: string[] = [];
    const client = new ControllerClient({
      ...this.place,
      ...(options.fetch ? { fetch: options.fetch } : {}),
    });
    const controller = options.name ?? `test-${this.machine.serial_number}`;
    const folder = options.folder ?? this.folder;
    const setup = { client, machine: this.machine, kind: options.kind ?? simulatedKind, controller, folder };
    const serving = MachineController.serve(
      { ...setup, log: (line) => lines.push(line), onClaimed: claimed.resolve },
      ending.signal,
    );
    serving.catch(claimed.reject);
    await claimed.promise;
    const shutdown = async () => {
      ending.abort();
      await serving;
      await client.close();
    };
    return { client, lines, shutdown };
  }

  async start(steps: readonly ProgramStep[], parameters: object = {}): Promise<string> {
    const started = await this.operator.start(this.machine.id, await this.recipe(steps), parameters, null);
    if (!started.ok) throw new Error(started.message);
    return started.runId;
  }

  async run(runId: string): Promise<{
    status: string;
    end_reason: string | null;
    error_message: string | null;
    last_seq: number;
    machine: string;
  }> {
    const found = await this.db.query(
      "select r.status, r.end_reason, r.error_message, r.last_seq, m.status as machine from process_executions r join machines m on m.id = r.machine_id where r.id = $1",
      [runId],
    );
    return found.rows[0];
  }

  /** Deviations of the run, as the run says. */
  async deviations(runId: string): Promise<number> {
    const found = await this.db.query("select deviation_count from process_executions where id = $1", [
      runId,
    ]);
    return found.rows[0].deviation_count;
  }

  async steps(runId: string): Promise<StepRow[]> {
    const found = await this.db.query(
      `select seq, step_type, step_name, loop_path, cycle, planned_ms, measured_ms::float8 as measured_ms, end_reason, pulse,
        ended_at is null as is_open, extract(epoch from device_started_at)::float8 * 1000 as device_ms
       from step_execution_history where process_id = $1 order by seq`,
      [runId],
    );
    return found.rows;
  }

  /** Violations of the invariants on this machine; to be empty. */
  async violations(): Promise<unknown[]> {
    return (await this.db.query("select * from check_invariants($1)", [this.machine.id])).rows;
  }

  async #parameterId(name: string): Promise<string> {
    const found = await this.db.query<{ parameter_id: string }>(
      "select parameter_id from machine_parameters where machine_id = $1 and name = $2",
      [this.machine.id, name],
    );
    return found.rows[0]?.parameter_id ?? "";
  }

  async #configure(id: string, step: ProgramStep): Promise<void> {
    const insert = (table: string, columns: string, values: unknown[]) =>
      this.db.query(
        `insert into ${table} (step_id, ${columns}) values ($1, ${values.map((_, i) => `$${i + 2}`).join(", ")})`,
        [id, ...values],
      );
    if (step.type === "valve")
      await insert("valve_step_config", "valve_number, duration_ms", [step.valve_number, step.duration_ms]);
    if (step.type === "purge")
      await insert("purge_step_config", "duration_ms, gas_type, flow_rate", [
        step.duration_ms,
        step.gas_type,
        step.flow_rate,
      ]);
    if (step.type === "parameter")
      await insert("parameter_step_config", "parameter_id, target_value, adjustment_rate, hold_duration_ms", [
        await this.#parameterId(step.parameter_name),
        step.target_value,
        step.adjustment_rate,
        step.hold_duration_ms,
      ]);
    if (step.type === "wait") await insert("wait_step_config", "duration_ms", [step.duration_ms]);
    if (step.type === "loop") await insert("loop_step_config", "iteration_count", [step.iteration_count]);
  }
}

export const pulse = (valve: number, ms = 100): ProgramStep => ({
  id: "",
  name: `Pulse ${valve}`,
  type: "valve",
  valve_number: valve,
  duration_ms: ms,
});
export const purge = (ms: number): ProgramStep => ({
  id: "",
  name: "Purge",
  type: "purge",
  duration_ms: ms,
  gas_type: "N2",
  flow_rate: 100,
});
export const loop = (times: number, ...children: ProgramStep[]): ProgramStep => ({
  id: "",
  name: "Loop",
  type: "loop",
  iteration_count: times,
  children,
});

/** A set-point of the chamber heater in °C, approached at `rate` °C/s. */
export const heat = (target: number, rate: number, holdMs: number): ProgramStep => ({
  id: "",
  name: "Heat",
  type: "parameter",
  parameter_id: "",
  parameter_name: "chamber_temperature",
  unit: "°C",
  target_value: target,
  adjustment_rate: rate,
  hold_duration_ms: holdMs,
});

const MAKE_MACHINE = `
  with person as (
    insert into auth.users (id, instance_id, aud, role, email, encrypted_password, email_confirmed_at, created_at, updated_at)
    values (gen_random_uuid(), '00000000-0000-0000-0000-000000000000', 'authenticated', 'authenticated', $3,
      extensions.crypt('test password', extensions.gen_salt('bf', 4)), now(), now(), now()) returning id
  ), profile as (
    insert into profiles (id, email, role) select id, $3, 'operator' from person returning id
  ), machine as (
    insert into machines (serial_number, name, status, is_virtual, virtual_config) values ($1, $1, 'idle', true, $2) returning id
  ), assignment as (
    insert into user_machine_assignments (user_id, machine_id) select profile.id, machine.id from profile, machine
  ) select id from machine`;
const MAKE_PARAMETER = `
  with kind as (
    insert into component_definitions (name, type) values ($1::text || $2::text, 'gauge') returning id
  ), definition as (
    insert into component_parameter_definitions (component_definition_id, name, unit)
      select id, $2::text, case when $2::text like '%temperature' then '°C' end from kind returning id
  ), component as (
    insert into machine_components (machine_id, name, type, definition_id) select $1::uuid, $2::text, 'gauge', id from kind returning id
  ) insert into component_parameters (component_id, definition_id, min_value, max_value)
    select component.id, definition.id, 0, 1000 from component, definition`;
