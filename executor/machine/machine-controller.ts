// Serves one machine: holds its lease, follows commands, plays runs. All that must not be lost goes through the
// reporter's queue; a lease that lapses while the database is away is taken up again, a fence that another controller
// has passed ends the run at once. Guarded by machine-controller.stack.test.ts.

import type { DriverKind } from "#executor/drivers/driver-kind.ts";
import { CurrentRun } from "#executor/machine/current-run.ts";
import { CommandFeed } from "#executor/reporter/command-feed.ts";
import {
  type CommandRow,
  type ControllerClient,
  isPassing,
  LEASE_MS,
  type MachineRow,
  type RunRow,
} from "#executor/reporter/controller-client.ts";
import { MachineReporter } from "#executor/reporter/machine-reporter.ts";
import { backoffMs, pause } from "#executor/reporter/retry.ts";

const RENEW_EVERY_MS = 2000;
const RENEW_WITHOUT_FEED_MS = 1000;
const RENEW_AFTER_FAILURE_MS = 500;
/** Time for the last reports of a controller that shuts down. */
const LAST_REPORTS_MS = 1500;

export type ControllerSetup = {
  client: ControllerClient;
  machine: MachineRow;
  kind: DriverKind;
  /** Name on the lease: the same after a restart, so that it is taken up at once. */
  controller: string;
  /** Folder of this machine's report queue. */
  folder: string;
  log: (line: string) => void;
  /** Told the machine is held: starts are possible from now on. */
  onClaimed?: () => void;
  onRunEnded?: (runId: string, outcome: string) => void;
};

type Session = { fence: number; over: AbortController; lose: () => void };

export class MachineController {
  readonly #setup: ControllerSetup;
  readonly #reporter: MachineReporter;
  readonly #shutdown: AbortSignal;
  #parameterIds: ReadonlyMap<string, string> = new Map();
  #current: CurrentRun | null = null;
  /** Commands already followed; what Realtime and the renewal both bring is followed once. */
  readonly #followed = new Set<string>();
  /** Stops that came while their run was still being started, by run. */
  readonly #stopsAhead = new Map<string, CommandRow>();
  /** A run found at claim time that this process does not play. */
  #found: RunRow | null = null;

  private constructor(setup: ControllerSetup, reporter: MachineReporter, shutdown: AbortSignal) {
    this.#setup = setup;
    this.#reporter = reporter;
    this.#shutdown = shutdown;
  }

  /** Serves until `shutdown`; then ends a run under way as aborted, gives the lease up and settles within 3 s. */
  static async serve(setup: ControllerSetup, shutdown: AbortSignal): Promise<void> {
    const reporter = await MachineReporter.open(setup.client, setup.folder, setup.log);
    const controller = new MachineController(setup, reporter, shutdown);
    try {
      while (!shutdown.aborted) {
        const session = await controller.#claim();
        if (session !== null) await controller.#work(session);
      }
    } finally {
      await reporter.close();
    }
  }

  /** One claim; null (after a wait) when the machine cannot be had now. */
  async #claim(): Promise<Session | null> {
    const { client, machine, controller, kind, log } = this.#setup;
    const ids = await client.parameterIds(machine.id);
    const answer = ids.ok ? await client.claim(machine.id, controller, kind.name, kind.isSimulated) : ids;
    if (!ids.ok || !answer.ok) {
      if (!answer.ok) log(`waiting for the machine: ${answer.message}`);
      await pause(LEASE_MS / 3, this.#shutdown);
      return null;
    }
    this.#parameterIds = ids.ids;
    this.#found = answer.run;
    this.#followed.clear();
    const over = new AbortController();
    const lose = () => {
      if (over.signal.aborted) return;
      log(
        "the machine is held by another controller; nothing more is written, the machine is brought to its safe end",
      );
      this.#current?.abandon();
      over.abort();
    };
    this.#setup.onClaimed?.();
    return { fence: answer.fence_token, over, lose };
  }

  async #work(session: Session): Promise<void> {
    const { client, machine, log } = this.#setup;
    const { over } = session;
    const feed = new CommandFeed(client, machine.id, (command) => this.#follow([command], session));
    const delivering = this.#reporter.deliver(
      session.fence,
      {
        fenceLost: session.lose,
        runRefused: (runId, refusal) => {
          if (this.#current?.runId !== runId) return;
          log(`run ${runId}: ${refusal.message}`);
          if (refusal.code === "run_ended" || refusal.code === "run_not_found") this.#current.abandon();
          else this.#current.end("failed", `The database refused what was measured: ${refusal.message}`);
        },
      },
      over.signal,
    );
    const renewing = this.#keepLease(session, feed);
    await Promise.race([aborted(this.#shutdown), aborted(over.signal)]);
    this.#current?.end("aborted", "Controller shut down.");
    await this.#current?.ended;
    if (!over.signal.aborted) await this.#leave(session);
    over.abort();
    feed.close();
    await Promise.all([delivering, renewing]);
    if (!this.#shutdown.aborted) await pause(LEASE_MS, this.#shutdown);
  }

  /** The last reports, then the lease; a database that does not answer is not waited for. */
  async #leave({ fence, over }: Session): Promise<void> {
    const { client, machine, log } = this.#setup;
    const limit = AbortSignal.timeout(LAST_REPORTS_MS);
    while (!this.#reporter.isDelivered() && !limit.aborted && !over.signal.aborted) await pause(20, limit);
    if (!this.#reporter.isDelivered()) {
      log("the last reports could not be delivered; they are kept and sent at the next start");
      return;
    }
    await Promise.race([client.release(machine.id, fence), pause(LAST_REPORTS_MS / 3, over.signal)]);
  }

  async #keepLease(session: Session, feed: CommandFeed): Promise<void> {
    const { client, machine, log } = this.#setup;
    let failures = 0;
    while (!session.over.signal.aborted) {
      const answer = await client.renew(machine.id, session.fence);
      if (session.over.signal.aborted) return;
      if (answer.ok) {
        if (failures > 0) log("the database answers again");
        // An empty report: the run is still being played, also when the lease lapsed meanwhile and all took it for lost.
        if (failures > 0 && this.#current !== null) this.#reporter.steps(this.#current.runId, []);
        failures = 0;
        this.#follow(answer.commands, session);
        this.#settleFound(answer.commands);
        await pause(feed.isLive() ? RENEW_EVERY_MS : RENEW_WITHOUT_FEED_MS, session.over.signal);
      } else if (isPassing(answer.status, answer.code)) {
        failures += 1;
        if (failures === 1) log(`the lease could not be renewed: ${answer.message}`);
        await pause(Math.min(RENEW_AFTER_FAILURE_MS, backoffMs(failures)), session.over.signal);
      } else session.lose();
    }
  }

  /** A run that an earlier life of this controller left open cannot be continued: nothing of it is made up. */
  #settleFound(commands: readonly CommandRow[]): void {
    const found = this.#found;
    this.#found = null;
    if (found === null || this.#current?.runId === found.id) return;
    const start = commands.find((command) => command.kind === "start" && command.run_id === found.id);
    if (start?.status === "requested") return;
    this.#setup.log(`run ${found.id} was under way when the controller stopped; it is ended as interrupted`);
    this.#reporter.end(found.id, "interrupted", "The controller restarted during the run.", []);
  }

  #follow(commands: readonly CommandRow[], session: Session): void {
    for (const command of commands) {
      if (session.over.signal.aborted || this.#shutdown.aborted || this.#followed.has(command.id)) continue;
      if (command.kind === "stop") this.#followStop(command);
      if (command.kind === "start" && command.status === "requested" && this.#current === null) {
        this.#followed.add(command.id);
        this.#followStart(command, session).catch((fault: Error) =>
          this.#setup.log(`start failed: ${fault.message}`),
        );
      }
    }
  }

  /** The machine first, the database after it. */
  #followStop(command: CommandRow): void {
    const run = this.#current;
    if (run === null || run.runId !== command.run_id) return;
    if (command.status !== "requested" && command.status !== "accepted" && command.status !== "executing")
      return;
    this.#followed.add(command.id);
    const mode = command.mode ?? "now";
    run.stop(mode);
    this.#setup.log(`stop (${mode}) of run ${run.runId}`);
    this.#reporter.command(command.id, "accepted");
    this.#reporter.command(command.id, "executing");
  }

  async #followStart(command: CommandRow, session: Session): Promise<void> {
    const { client, machine, log } = this.#setup;
    const accepted = await client.accept(command.id, session.fence);
    if (!accepted.ok) {
      if (isPassing(accepted.status, accepted.code)) this.#followed.delete(command.id);
      else if (accepted.code === "fence_stale") session.lose();
      return;
    }
    if (accepted.run === null || session.over.signal.aborted || this.#shutdown.aborted) return;
    const { kind } = this.#setup;
    const setLink = (isUp: boolean) => {
      log(isUp ? "simulated link restored" : "simulated link loss");
      client.setLink(isUp);
    };
    const parameterIds = this.#parameterIds;
    this.#reporter.command(command.id, "executing");
    const started = CurrentRun.start(accepted.run, {
      machine,
      kind,
      reporter: this.#reporter,
      parameterIds,
      setLink,
      log,
    });
    if (!started.ok) {
      log(`run ${accepted.run.id} was not started: ${started.message}`);
      this.#reporter.end(accepted.run.id, "failed", `The run was not started: ${started.message}`, []);
      return;
    }
    this.#current = started.run;
    log(`run ${accepted.run.id} started`);
    const stop = this.#stopsAhead.get(accepted.run.id);
    if (stop !== undefined) this.#followStop(stop);
    this.#stopsAhead.clear();
    const outcome = await started.run.ended;
    this.#current = null;
    log(`run ${accepted.run.id} ${outcome}`);
    this.#setup.onRunEnded?.(accepted.run.id, outcome);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
