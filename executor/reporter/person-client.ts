import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";
import type { Result } from "#lib/result.ts";
import { signIn } from "#lib/supabase/auth.ts";
import { ask } from "#lib/supabase/call.ts";

const startedSchema = z.object({ run_id: z.string() });
const snapshotSchema = z.object({
  machine: z.object({ id: z.string(), status: z.string(), current_process_id: z.string().nullable() }),
  run: z
    .object({
      id: z.string(),
      recipe_id: z.string(),
      operator_id: z.string(),
      status: z.string(),
      end_reason: z.string().nullable(),
      end_time: z.string().nullable(),
    })
    .nullable(),
  commands: z.array(
    z.object({ kind: z.string(), run_id: z.string().nullable(), requested_by: z.string().nullable() }),
  ),
  server_time: z.string(),
});
const assignedSchema = z.array(
  z.object({ id: z.string(), serial_number: z.string(), machine_type: z.string() }),
);
const recipesSchema = z.array(z.object({ id: z.string(), name: z.string(), machine_type: z.string() }));

export type MachineGlance = z.infer<typeof snapshotSchema>;

/** A person at the keyboard, as far as programs play one: signed in with a password, commanding through the RPCs. */
export class PersonClient {
  readonly #supabase: SupabaseClient;
  readonly userId: string;

  private constructor(supabase: SupabaseClient, userId: string) {
    this.#supabase = supabase;
    this.userId = userId;
  }

  static async signIn(
    connection: { apiUrl: string; publishableKey: string },
    email: string,
    password: string,
  ): Promise<Result<{ person: PersonClient }>> {
    const supabase = createClient(connection.apiUrl, connection.publishableKey, {
      auth: { persistSession: false, autoRefreshToken: true, detectSessionInUrl: false },
      db: { retry: false },
    });
    const answer = await signIn(supabase, email, password);
    if (!answer.ok) return answer;
    const { data } = await supabase.auth.getSession();
    const userId = data.session?.user.id;
    if (userId === undefined) throw new Error("signed in without a session");
    return { ok: true, person: new PersonClient(supabase, userId) };
  }

  async start(machineId: string, recipeId: string, parameters: object, description: string | null) {
    const answer = await this.#rpc("start_process", {
      p_command_id: crypto.randomUUID(),
      p_machine_id: machineId,
      p_recipe_id: recipeId,
      p_parameters: parameters,
      p_description: description,
    });
    return answer.ok ? { ok: true as const, runId: startedSchema.parse(answer.data).run_id } : answer;
  }

  stop(machineId: string, runId: string, reason: string, mode: "now" | "end_of_cycle" = "now") {
    const args = { p_machine_id: machineId, p_run_id: runId, p_mode: mode, p_reason: reason };
    return this.#rpc("request_stop", { p_command_id: crypto.randomUUID(), ...args });
  }

  clear(machineId: string, reason: string) {
    return this.#rpc("clear_machine", {
      p_command_id: crypto.randomUUID(),
      p_machine_id: machineId,
      p_reason: reason,
    });
  }

  reconcile(runId: string, reason: string) {
    const args = { p_run_id: runId, p_outcome: "failed", p_reason: reason };
    return this.#rpc("reconcile_run", { p_command_id: crypto.randomUUID(), ...args });
  }

  async glance(machineId: string): Promise<Result<{ glance: MachineGlance }>> {
    const answer = await this.#rpc("machine_snapshot", { p_machine_id: machineId, p_steps: 1 });
    return answer.ok ? { ok: true, glance: snapshotSchema.parse(answer.data) } : answer;
  }

  /** Machines assigned to this person, by serial number. */
  async assignedMachines(): Promise<Result<{ machines: z.infer<typeof assignedSchema> }>> {
    const answer = await ask("list the assigned machines", (signal) =>
      this.#supabase
        .from("machines")
        .select("id, serial_number, machine_type, user_machine_assignments!inner(user_id, is_active)")
        .eq("user_machine_assignments.user_id", this.userId)
        .eq("user_machine_assignments.is_active", true)
        .order("serial_number")
        .abortSignal(signal),
    );
    return answer.ok ? { ok: true, machines: assignedSchema.parse(answer.data) } : answer;
  }

  async recipes(machineType: string): Promise<Result<{ recipes: z.infer<typeof recipesSchema> }>> {
    const answer = await ask("list the recipes", (signal) =>
      this.#supabase
        .from("recipes")
        .select("id, name, machine_type")
        .eq("machine_type", machineType)
        .order("name")
        .abortSignal(signal),
    );
    return answer.ok ? { ok: true, recipes: recipesSchema.parse(answer.data) } : answer;
  }

  async signOut(): Promise<void> {
    await this.#supabase.auth.signOut({ scope: "local" });
    await this.#supabase.auth.stopAutoRefresh();
  }

  #rpc(name: string, args: object): Promise<Result<{ data: unknown }>> {
    return ask(`call ${name}`, (signal) => this.#supabase.rpc(name, args).abortSignal(signal));
  }
}
