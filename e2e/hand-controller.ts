import type { Site } from "#scripts/start/site.ts";
import { callRpc } from "./call-rpc.ts";
import type { Lab, Machine } from "./lab.ts";

/** The longest that may be asked for. */
const LEASE_MS = 60_000;
const RENEW_EVERY_MS = 20_000;
const STEP_MS = 100;

/** A controller that does what the test says, when it says so, on a machine that no executor plays. */
export class HandController {
  readonly #lab: Lab;
  readonly #site: Site;
  readonly #machine: Machine;
  readonly #fence: number;
  readonly #renewing: NodeJS.Timeout;

  private constructor(lab: Lab, site: Site, machine: Machine, fence: number) {
    this.#lab = lab;
    this.#site = site;
    this.#machine = machine;
    this.#fence = fence;
    this.#renewing = setInterval(() => void this.#renew(), RENEW_EVERY_MS);
  }

  static async hold(lab: Lab, site: Site, machine: Machine): Promise<HandController> {
    const { body } = await callRpc(site.stack, "controller", "claim_machine", {
      p_machine_id: machine.id,
      p_controller: "by hand",
      p_driver: "simulated",
      p_is_simulated: true,
      p_ttl_ms: LEASE_MS,
    });
    if (body["ok"] !== true) throw new Error(`${machine.name} is not held: ${JSON.stringify(body)}`);
    return new HandController(lab, site, machine, Number(body["fence_token"]));
  }

  /** Says nothing any more, as a controller does that has crashed. */
  fallSilent(): void {
    clearInterval(this.#renewing);
  }

  /** Ends the test's part: a machine left with a lost controller would alarm every fleet that is looked at later. */
  async leave(): Promise<void> {
    this.fallSilent();
    await this.#lab.sql("update public.machines set is_active = false where id = $1", [this.#machine.id]);
  }

  /** Takes the start that was asked for and reports this many steps; answers with the run. */
  async play(steps: number): Promise<string> {
    const { id, runId } = await this.open("start");
    await this.accept(id);
    await this.report(runId, steps);
    return runId;
  }

  /** The command of a kind that has no outcome yet. */
  async open(kind: "start" | "stop"): Promise<{ id: string; runId: string }> {
    const [command] = await this.#lab.sql<{ id: string; runId: string }>(
      `select id, run_id as "runId" from public.machine_commands
       where machine_id = $1 and kind = $2 and settled_at is null order by requested_at desc`,
      [this.#machine.id, kind],
    );
    if (command === undefined) throw new Error(`Nobody has asked ${this.#machine.name} for a ${kind}.`);
    return command;
  }

  accept(commandId: string): Promise<void> {
    return this.#call("accept_command", { p_command_id: commandId });
  }

  execute(commandId: string): Promise<void> {
    return this.#call("advance_command", { p_command_id: commandId, p_status: "executing" });
  }

  /** Steps 1 to `last`. */
  report(runId: string, last: number): Promise<void> {
    const steps = Array.from({ length: last }, (_, index) => ({
      seq: index + 1,
      step_type: "purge",
      step_name: "Purge by hand",
      planned_ms: STEP_MS,
      device_started_at: new Date(Date.now() - (last - index) * STEP_MS).toISOString(),
      parameters: { purge_duration_ms: STEP_MS },
    }));
    return this.record(runId, steps);
  }

  /** Steps as the controller of a real machine would report them. */
  record(runId: string, steps: readonly object[]): Promise<void> {
    return this.#call("record_step", { p_run_id: runId, p_steps: steps });
  }

  end(runId: string, outcome: "completed" | "aborted" | "failed"): Promise<void> {
    return this.#call("end_process", { p_run_id: runId, p_outcome: outcome });
  }

  async #renew(): Promise<void> {
    await this.#call("renew_lease", { p_machine_id: this.#machine.id, p_ttl_ms: LEASE_MS });
  }

  async #call(name: string, args: object): Promise<void> {
    const { body } = await callRpc(this.#site.stack, "controller", name, {
      ...args,
      p_fence_token: this.#fence,
    });
    if (body["ok"] !== true) throw new Error(`${name} was refused: ${JSON.stringify(body)}`);
  }
}
