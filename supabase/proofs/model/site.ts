/** The real thing beside the model: one machine of its own, the people around it, and what is in the tables now. */
import { type Answer, type Call, CONTROLLER, type Fate, person } from "../call.ts";
import { type Lab, stepReport } from "../lab.ts";
import { type OldWrite, oldWrites } from "./old-writes.ts";
import { type CommandRequest, NO_RUN, type Person, type Request, type RunKey } from "./requests.ts";
import type { Visible } from "./state.ts";

/** Longer than any proof takes: leases run out when the proof says so. */
const LEASE_MS = 60_000;

export type Cast = { people: Record<Person, string>; recipes: Record<string, string> };

/** Three people and the recipes the requests speak of; shared by all machines of a proof. */
export async function castFor(lab: Lab): Promise<Cast> {
  return {
    people: {
      operator: await lab.person("operator"),
      viewer: await lab.person("viewer"),
      stranger: await lab.person("operator"),
    },
    recipes: {
      good: await lab.recipe(),
      empty: await lab.recipe(0),
      "other type": await lab.recipe(2, "plasma-ald"),
      missing: NO_RUN,
    },
  };
}

export class Site {
  readonly machine: string;
  readonly #lab: Lab;
  readonly #cast: Cast;
  readonly #runIds = new Map<RunKey, string>();
  #stoodStillAt = performance.now();

  private constructor(lab: Lab, cast: Cast, machine: string) {
    this.#lab = lab;
    this.#cast = cast;
    this.machine = machine;
  }

  static async open(lab: Lab, cast: Cast): Promise<Site> {
    const machine = await lab.machine();
    await lab.assign(cast.people.operator, machine);
    await lab.assign(cast.people.viewer, machine);
    return new Site(lab, cast, machine);
  }

  /** Carries the request out and answers with its code; null when the reply was to be lost or the connection cut. */
  async send(request: Request, fate: Fate = "delivered"): Promise<{ code: string; answer: Answer } | null> {
    await this.#standStill();
    const call = this.callOf(request);
    const answer = call === null ? await this.#withoutCall(request) : await this.#lab.call(call, fate);
    return answer && { code: answer.code, answer };
  }

  /** True for what is one transaction, so that two of them at once must look like one after the other. */
  isAtomic(request: Request): boolean {
    return request.fn !== "old start" && request.fn !== "old end";
  }

  async look(): Promise<Visible> {
    const [row] = await this.#lab.sql<{ seen: Visible & { ids: Record<RunKey, string> } }>(LOOK, [
      this.machine,
    ]);
    if (row === undefined) throw new Error("the machine is gone");
    const { ids, ...seen } = row.seen;
    for (const [key, id] of Object.entries(ids)) this.#runIds.set(key, id);
    return seen;
  }

  violations() {
    return this.#lab.violations(this.machine);
  }

  callOf(request: Request): Call | null {
    if ("by" in request) {
      return {
        fn: request.fn,
        args: this.#commandArguments(request),
        caller: person(this.#cast.people[request.by]),
      };
    }
    const args = this.#controllerArguments(request);
    return args && { fn: request.fn, args, caller: CONTROLLER };
  }

  #commandArguments(request: CommandRequest): Record<string, unknown> {
    const p_command_id = request.command;
    switch (request.fn) {
      case "start_process": {
        const p_recipe_id = this.#cast.recipes[request.recipe] ?? NO_RUN;
        const p_expected_version = request.version === "stale" ? 999_999 : null;
        return { p_command_id, p_machine_id: this.machine, p_recipe_id, p_expected_version };
      }
      case "request_stop": {
        const p_run_id = request.run === null ? null : this.#idOf(request.run);
        return { p_command_id, p_machine_id: this.machine, p_run_id, p_mode: request.mode };
      }
      case "clear_machine":
        return { p_command_id, p_machine_id: this.machine, p_reason: request.reason };
      case "reconcile_run": {
        const { outcome, reason } = request;
        return { p_command_id, p_run_id: this.#idOf(request.run), p_outcome: outcome, p_reason: reason };
      }
    }
  }

  #controllerArguments(request: Exclude<Request, CommandRequest>): Record<string, unknown> | null {
    const p_machine_id = this.machine;
    switch (request.fn) {
      case "claim_machine": {
        const names = { p_controller: request.controller, p_driver: "simulated", p_is_simulated: true };
        return { p_machine_id, ...names, p_ttl_ms: LEASE_MS };
      }
      case "renew_lease":
        return { p_machine_id, p_fence_token: request.fence, p_ttl_ms: LEASE_MS };
      case "release_machine":
        return { p_machine_id, p_fence_token: request.fence };
      case "accept_command":
        return { p_command_id: request.command, p_fence_token: request.fence };
      case "advance_command":
        return { p_command_id: request.command, p_fence_token: request.fence, p_status: request.status };
      case "record_step":
      case "end_process":
        return this.#reportArguments(request);
      case "atomic_complete_machine_state":
        return { p_machine_id };
      case "atomic_error_machine_state":
        return { p_machine_id, p_error_message: "proof" };
      case "atomic_processing_machine_state":
        return { p_machine_id, p_process_id: this.#idOf(request.run) };
      default:
        return null;
    }
  }

  #reportArguments(
    request: Extract<Request, { fn: "record_step" | "end_process" }>,
  ): Record<string, unknown> {
    const target = { p_run_id: this.#idOf(request.run), p_fence_token: request.fence };
    const steps = request.seqs.map((seq) => stepReport(seq));
    if (request.fn === "end_process") return { ...target, p_outcome: request.outcome, p_last_steps: steps };
    return { ...target, p_steps: request.isMalformed ? [{ seq: 0 }] : steps };
  }

  #idOf(key: RunKey): string {
    return this.#runIds.get(key) ?? key;
  }

  /** What is not a call of ours: table writes of the old controller, one after the other, and time. */
  async #withoutCall(request: Request): Promise<Answer> {
    const writes = oldWrites(request, {
      machine: this.machine,
      operator: this.#cast.people.operator,
      recipe: this.#cast.recipes["good"] ?? NO_RUN,
      idOf: (key) => this.#idOf(key),
    });
    if (writes === null) return this.#passTime(request.fn);
    return this.#writeAll(writes);
  }

  async #writeAll(writes: OldWrite[]): Promise<Answer> {
    for (const { text, values } of writes) {
      const answer = await this.#lab.write(CONTROLLER, text, values);
      if (answer.code !== "") return answer;
    }
    return { code: "", body: {} };
  }

  /** On a busy machine a sequence may take longer than commands and leases last; only the model's own time is to pass. */
  async #standStill(): Promise<void> {
    const passedMs = performance.now() - this.#stoodStillAt;
    if (passedMs < 2000) return;
    this.#stoodStillAt += passedMs;
    await this.#lab.sql(
      STAND_STILL.replaceAll("$machine", `'${this.machine}'`).replaceAll("$passed", `'${passedMs} ms'`),
    );
  }

  async #passTime(what: string): Promise<Answer> {
    const text = TIME[what];
    if (text === undefined) throw new Error(`nobody knows how to do: ${what}`);
    await this.#lab.sql(text.replaceAll("$machine", `'${this.machine}'`));
    return { code: "", body: {} };
  }
}

const LOOK = `
  with keyed as (
    select r.id, r.status, r.last_seq, coalesce(s.current_seq > 0, false) as is_reported, coalesce(c.id, r.id) as key
    from public.process_executions r
    left join public.process_execution_state s on s.execution_id = r.id
    left join public.machine_commands c on c.run_id = r.id and c.kind = 'start'
    where r.machine_id = $1
  )
  select jsonb_build_object(
    'status', m.status,
    'run', (select k.key from keyed k where k.id = m.current_process_id),
    'fence', coalesce(l.fence_token, 0),
    'isLeaseLive', coalesce(l.expires_at > clock_timestamp(), false),
    'runs', coalesce((select jsonb_object_agg(k.key, jsonb_build_array(k.status, k.last_seq, k.is_reported)) from keyed k), '{}'),
    'ids', coalesce((select jsonb_object_agg(k.key, k.id) from keyed k), '{}'),
    'commands', coalesce((
      select jsonb_object_agg(c.id, c.status) from public.machine_commands c where c.machine_id = $1), '{}')) as seen
  from public.machines m left join public.machine_leases l on l.machine_id = m.id where m.id = $1`;

/** Like `TIME`, in the order in which everybody locks: a call may be under way at the same moment. */
const STAND_STILL = `
  update public.machine_leases set expires_at = expires_at + interval $passed
  where machine_id = $machine and expires_at > clock_timestamp();
  update public.machine_commands set requested_at = requested_at + interval $passed where machine_id = $machine`;

/** Time cannot be turned, but what is written can be moved: a clock that steps back 5 s leaves boundaries in the future. */
const TIME: Record<string, string> = {
  "lease runs out":
    "update public.machine_leases set expires_at = clock_timestamp() - interval '1 second' where machine_id = $machine",
  "half a minute passes":
    "update public.machine_commands set requested_at = requested_at - interval '31 seconds' where machine_id = $machine",
  "clock steps back": `
    begin;
    set local session_replication_role = replica;
    update public.machine_leases set expires_at = expires_at + interval '5 seconds'
    where machine_id = $machine and expires_at > clock_timestamp();
    update public.process_executions
    set start_time = start_time + interval '5 seconds', end_time = end_time + interval '5 seconds' where machine_id = $machine;
    update public.step_execution_history
    set started_at = started_at + interval '5 seconds', ended_at = ended_at + interval '5 seconds'
    where process_id in (select id from public.process_executions where machine_id = $machine);
    commit`,
};
