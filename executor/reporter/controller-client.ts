// The only way from a controller into the database: the functions a controller may call, with the secret key. Every
// call has a deadline; refusals are values. Nothing here retries.

import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";
import type { StepReport } from "#executor/step-report.ts";
import type { Result } from "#lib/result.ts";
import { ask } from "#lib/supabase/call.ts";

const CALL_LIMIT_MS = 10_000;
/** A renewal that takes longer is worth less than the next one. */
const RENEWAL_LIMIT_MS = 3000;
export const LEASE_MS = 6000;

const commandSchema = z.object({
  id: z.string(),
  kind: z.enum(["start", "stop", "clear", "reconcile"]),
  mode: z.enum(["now", "end_of_cycle"]).nullable(),
  status: z.string(),
  run_id: z.string().nullable(),
  reason: z.string().nullable(),
});
const runSchema = z.object({
  id: z.string(),
  status: z.string(),
  recipe_version: z.unknown(),
  /** Looked into by who plays it: a run that cannot be read must be ended by its id. */
  parameters: z.unknown(),
});
const machineSchema = z.object({
  id: z.string(),
  serial_number: z.string(),
  name: z.string(),
  virtual_config: z.record(z.string(), z.unknown()),
});
const listedSchema = machineSchema.extend({ is_active: z.boolean() });
const claimSchema = z.object({ fence_token: z.number(), run: runSchema.nullable() });
const renewalSchema = z.object({ commands: z.array(commandSchema) });
const acceptedSchema = z.object({ command: commandSchema, run: runSchema.nullable() });
const parameterSchema = z.object({
  parameter_id: z.string(),
  name: z.string(),
  current_value: z.number(),
  /** Null when nothing was ever read; the value then means nothing. */
  read_at: z.string().nullable(),
  set_value: z.number().nullable(),
});

export type CommandRow = z.infer<typeof commandSchema>;
export type RunRow = z.infer<typeof runSchema>;
export type MachineRow = z.infer<typeof machineSchema>;
export type ParameterRow = z.infer<typeof parameterSchema>;
/** One sweep of readings, keyed by parameter id, as `record_samples` takes it. */
export type SampleReport = { timestamp: string; values: Record<string, number> };
/** `interrupted` is a failure whose controller lost its place in the run. */
export type Outcome = "completed" | "aborted" | "failed" | "interrupted";

export type Connection = { apiUrl: string; secretKey: string; fetch?: typeof fetch };

export class ControllerClient {
  readonly supabase: SupabaseClient;
  #isLinkUp = true;

  constructor({ apiUrl, secretKey, fetch: send = fetch }: Connection) {
    this.supabase = createClient(apiUrl, secretKey, {
      auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
      // Who calls decides what to repeat and when; a retry below it would only hide the time that passes.
      db: { retry: false },
      global: { fetch: (input, init) => (this.#isLinkUp ? send(input, init) : Promise.reject(linkIsDown())) },
    });
  }

  /** Cuts or restores the simulated link to the database: while it is cut, no call gets through. */
  setLink(isUp: boolean): void {
    this.#isLinkUp = isUp;
  }

  isLinkUp(): boolean {
    return this.#isLinkUp;
  }

  /** Gives up sockets and timers. */
  async close(): Promise<void> {
    await this.supabase.removeAllChannels();
    await this.supabase.realtime.disconnect();
  }

  /** Virtual machines that are in service, or out of it with a run that is not over. */
  async machines(): Promise<Result<{ machines: z.infer<typeof listedSchema>[] }>> {
    const answer = await ask(
      "list the machines",
      (signal) =>
        this.supabase
          .from("machines")
          .select("id, serial_number, name, virtual_config, is_active")
          .or("is_active.eq.true,current_process_id.not.is.null")
          .eq("is_virtual", true)
          .order("serial_number")
          .abortSignal(signal),
      { timeoutMs: CALL_LIMIT_MS },
    );
    return answer.ok ? { ok: true, machines: z.array(listedSchema).parse(answer.data) } : answer;
  }

  /** A machine's parameters, each with its last reading and its set-point. */
  async parameters(machineId: string): Promise<Result<{ parameters: ParameterRow[] }>> {
    const answer = await ask(
      "list the machine's parameters",
      (signal) =>
        this.supabase
          .from("machine_parameters")
          .select("parameter_id, name, current_value, read_at, set_value")
          .eq("machine_id", machineId)
          .abortSignal(signal),
      { timeoutMs: CALL_LIMIT_MS },
    );
    return answer.ok ? { ok: true, parameters: z.array(parameterSchema).parse(answer.data) } : answer;
  }

  claim(machineId: string, controller: string, driver: string, isSimulated: boolean) {
    const args = {
      p_machine_id: machineId,
      p_controller: controller,
      p_driver: driver,
      p_is_simulated: isSimulated,
    };
    return this.#call("claim_machine", { ...args, p_ttl_ms: LEASE_MS }, claimSchema);
  }

  renew(machineId: string, fence: number) {
    const args = { p_machine_id: machineId, p_fence_token: fence, p_ttl_ms: LEASE_MS };
    return this.#call("renew_lease", args, renewalSchema, RENEWAL_LIMIT_MS);
  }

  release(machineId: string, fence: number) {
    return this.#call(
      "release_machine",
      { p_machine_id: machineId, p_fence_token: fence },
      z.object({}),
      RENEWAL_LIMIT_MS,
    );
  }

  accept(commandId: string, fence: number) {
    return this.#call("accept_command", { p_command_id: commandId, p_fence_token: fence }, acceptedSchema);
  }

  advance(commandId: string, fence: number, status: "executing" | "failed", reason: string | null) {
    const args = { p_command_id: commandId, p_fence_token: fence, p_status: status, p_reason: reason };
    return this.#call("advance_command", args, z.object({}));
  }

  recordSteps(runId: string, fence: number, steps: readonly StepReport[]) {
    return this.#call("record_step", { p_run_id: runId, p_fence_token: fence, p_steps: steps }, z.object({}));
  }

  recordSamples(runId: string, fence: number, samples: readonly SampleReport[]) {
    return this.#call(
      "record_samples",
      { p_run_id: runId, p_fence_token: fence, p_samples: samples },
      z.object({}),
    );
  }

  /** What the machine reads between runs, by parameter id. */
  recordReadings(machineId: string, fence: number, values: Readonly<Record<string, number>>) {
    const args = { p_machine_id: machineId, p_fence_token: fence, p_values: values };
    return this.#call("record_readings", args, z.object({}));
  }

  endProcess(
    runId: string,
    fence: number,
    outcome: Outcome,
    message: string | null,
    lastSteps: readonly StepReport[],
  ) {
    const args = { p_run_id: runId, p_fence_token: fence, p_outcome: outcome, p_error_message: message };
    return this.#call("end_process", { ...args, p_last_steps: lastSteps }, z.object({}));
  }

  async #call<Answer extends object>(
    name: string,
    args: object,
    schema: z.ZodType<Answer>,
    timeoutMs = CALL_LIMIT_MS,
  ): Promise<Result<Answer>> {
    const answer = await ask(`call ${name}`, (signal) => this.supabase.rpc(name, args).abortSignal(signal), {
      timeoutMs,
    });
    return answer.ok ? { ok: true, ...schema.parse(answer.data) } : answer;
  }
}

/** A machine_commands row as the feed carries it; null when it is none (a deletion, or cut short for its size). */
export function parseCommand(row: unknown): CommandRow | null {
  const parsed = commandSchema.safeParse(row);
  return parsed.success ? parsed.data : null;
}

const linkIsDown = () => new TypeError("fetch failed: the simulated link is down");

const READ_ONLY = "25006";

/** True for an answer that says nothing about the request: no connection, a server fault, a reload, no room to write. */
export function isPassing(status: number, code: string): boolean {
  return (
    status === 0 ||
    status >= 500 ||
    status === 401 ||
    status === 408 ||
    status === 429 ||
    code === READ_ONLY ||
    code.startsWith("PGRST")
  );
}
