/** A machine held by a controller, with an operator and a run under way, on the level of the functions. */
import { randomUUID } from "node:crypto";
import { type Answer, type Call, CONTROLLER, person } from "./call.ts";
import { type Lab, stepReport } from "./lab.ts";

const LEASE_MS = 60_000;

export class Scene {
  readonly lab: Lab;
  readonly machine: string;
  readonly operator: string;
  readonly recipe: string;
  fence = 0;
  run = "";
  command = "";

  private constructor(lab: Lab, machine: string, operator: string, recipe: string) {
    this.lab = lab;
    this.machine = machine;
    this.operator = operator;
    this.recipe = recipe;
  }

  /** An idle machine whose controller waits for a start. */
  static async held(lab: Lab): Promise<Scene> {
    const [machine, operator] = [await lab.machine(), await lab.person("operator")];
    await lab.assign(operator, machine);
    const scene = new Scene(lab, machine, operator, await lab.recipe());
    await scene.claim("proof");
    return scene;
  }

  /** A run with this many steps recorded. */
  static async running(lab: Lab, steps = 1): Promise<Scene> {
    const scene = await Scene.held(lab);
    await scene.start();
    await lab.answer(
      scene.controller("accept_command", { p_command_id: scene.command, p_fence_token: scene.fence }),
    );
    for (let seq = 1; seq <= steps; seq += 1) await scene.record(seq);
    return scene;
  }

  controller(fn: string, args: Record<string, unknown>): Call {
    return { fn, args, caller: CONTROLLER };
  }

  ask(fn: string, args: Record<string, unknown>, by = this.operator): Call {
    return { fn, args, caller: person(by) };
  }

  async claim(name: string): Promise<Answer> {
    const names = { p_controller: name, p_driver: "simulated", p_is_simulated: true, p_ttl_ms: LEASE_MS };
    const answer = await this.lab.answer(
      this.controller("claim_machine", { p_machine_id: this.machine, ...names }),
    );
    if (answer.code === "") this.fence = Number(answer.body["fence_token"]);
    return answer;
  }

  startCall(command: string = randomUUID()): Call {
    return this.ask("start_process", {
      p_command_id: command,
      p_machine_id: this.machine,
      p_recipe_id: this.recipe,
    });
  }

  async start(): Promise<void> {
    this.command = randomUUID();
    const answer = await this.lab.answer(this.startCall(this.command));
    if (answer.code !== "") throw new Error(`the start was refused: ${answer.code}`);
    this.run = String(answer.body["run_id"]);
  }

  stopCall(command: string = randomUUID(), by = this.operator): Call {
    return this.ask("request_stop", { p_command_id: command, p_machine_id: this.machine }, by);
  }

  recordCall(...seqs: number[]): Call {
    const p_steps = seqs.map((seq) => stepReport(seq));
    return this.controller("record_step", { p_run_id: this.run, p_fence_token: this.fence, p_steps });
  }

  record(...seqs: number[]): Promise<Answer> {
    return this.lab.answer(this.recordCall(...seqs));
  }

  endCall(outcome: string): Call {
    return this.controller("end_process", {
      p_run_id: this.run,
      p_fence_token: this.fence,
      p_outcome: outcome,
    });
  }

  end(outcome: string): Promise<Answer> {
    return this.lab.answer(this.endCall(outcome));
  }

  async commandStatus(id: string): Promise<string | undefined> {
    const [row] = await this.lab.sql<{ status: string }>(
      "select status from public.machine_commands where id = $1",
      [id],
    );
    return row?.status;
  }

  /** Status, code and sentence of a command as they stand on record. */
  async outcomeOf(id: string): Promise<(string | null)[]> {
    const [row] = await this.lab.sql<{ outcome: (string | null)[] }>(
      "select array[status, refusal_code, refusal] as outcome from public.machine_commands where id = $1",
      [id],
    );
    return row?.outcome ?? [];
  }

  /** Status of machine and run, newest step, open steps. */
  async look(): Promise<{ machine: string; run: string | null; last_seq: number | null; open: number }> {
    const [row] = await this.lab.sql<{
      machine: string;
      run: string | null;
      last_seq: number | null;
      open: number;
    }>(
      `select m.status as machine, r.status as run, r.last_seq,
         (select count(*)::int from public.step_execution_history h where h.process_id = r.id and h.ended_at is null) as open
       from public.machines m left join public.process_executions r on r.id = $2::uuid where m.id = $1`,
      [this.machine, this.run === "" ? null : this.run],
    );
    if (row === undefined) throw new Error("the machine is gone");
    return row;
  }

  async runs(): Promise<number> {
    const [row] = await this.lab.sql<{ count: number }>(
      "select count(*)::int as count from public.process_executions where machine_id = $1",
      [this.machine],
    );
    return row?.count ?? 0;
  }

  violations() {
    return this.lab.violations(this.machine);
  }
}
