// Serves one machine: holds its lease, follows commands, plays runs. All that must not be lost goes through the
// reporter's queue; a lease that lapses while the database is away is taken up again, a fence that another controller
// has passed ends the run at once. Guarded by machine-controller.stack.test.ts.

import type { DriverKind } from "#executor/drivers/driver-kind.ts";
import { CurrentRun } from "#executor/machine/current-run.ts";
import { tellReadings } from "#executor/machine/tell-readings.ts";
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
  /** Told when a run has ended and all of it is in the database, or as much as ever will be. */
  onRunEnded?: (runId: string, outcome: string) => void;
};

/** The time one process holds the machine, possibly under several fences. */
type Session = { fence: number; over: AbortController; regaining: Promise<boolean> | null };

export class MachineController {
  readonly #setup: ControllerSetup;
  readonly #reporter: MachineReporter;
  readonly #shutdown: AbortSignal;
  #parameterIds: ReadonlyMap<string, string> = new Map();
  #current: CurrentRun | null = null;
  /** Commands already followed; what Realtime and the renewal both bring is followed once. */
  readonly #followed = new Set<string>();
  /** Starts this process began to take; the answer may have been lost on the way. */
  readonly #taking = new Set<string>();
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
    const known = await client.parameters(machine.id);
    const answer = known.ok ? await client.claim(machine.id, controller, kind.name, kind.isSimulated) : known;
    if (!known.ok || !answer.ok) {
      if (!answer.ok) log(`waiting for the machine: ${answer.message}`);
      await pause(LEASE_MS / 3, this.#shutdown);
      return null;
    }
    this.#parameterIds = new Map(known.parameters.map(({ name, parameter_id }) => [name, parameter_id]));
    this.#found = answer.run;
    this.#followed.clear();
    this.#setup.onClaimed?.();
    return { fence: answer.fence_token, over: new AbortController(), regaining: null };
  }

  /**
   * A fence is void when another controller has claimed the machine, or when this one was silent for so long that it
   * was taken for lost. In the second case it claims again and goes on with its run; in the first it lets go.
   */
  #regain(session: Session, stale: number): Promise<boolean> {
    if (session.over.signal.aborted) return Promise.resolve(false);
    if (session.fence !== stale) return Promise.resolve(true);
    session.regaining ??= this.#claimAgain(session).finally(() => {
      session.regaining = null;
    });
    return session.regaining;
  }

  async #claimAgain(session: Session): Promise<boolean> {
    const { client, machine, controller, kind, log } = this.#setup;
    for (let attempt = 1; !session.over.signal.aborted; attempt += 1) {
      const answer = await client.claim(machine.id, controller, kind.name, kind.isSimulated);
      if (answer.ok) {
        session.fence = answer.fence_token;
        this.#goOnWith(answer.run);
        return true;
      }
      if (!isPassing(answer.status, answer.code)) {
        log(`the machine is lost; nothing more is written, it is brought to its safe end: ${answer.message}`);
        break;
      }
      await pause(backoffMs(attempt), session.over.signal);
    }
    this.#current?.abandon();
    session.over.abort();
    return false;
  }

  /** After a lapse: an empty report says that the run is still played; one that has ended meanwhile is let go. */
  #goOnWith(active: RunRow | null): void {
    if (this.#current === null) this.#found = active;
    else if (active?.id === this.#current.runId) this.#reporter.steps(active.id, []);
    else this.#current.abandon();
    this.#setup.log("the machine is held again");
  }

  async #work(session: Session): Promise<void> {
    const { client, machine, log } = this.#setup;
    const { over } = session;
    const feed = new CommandFeed(client, machine.id, (command) => this.#follow([command], session));
    const onFault = (fault: Error) => {
      log(`reporting stopped and begins anew: ${fault.stack ?? fault.message}`);
      over.abort();
    };
    const delivering = this.#reporter.deliver(
      () => session.fence,
      {
        fenceLost: (stale) => this.#regain(session, stale),
        runRefused: (runId, refusal) => {
          if (this.#current?.runId !== runId) return;
          log(`run ${runId}: ${refusal.message}`);
          if (refusal.code === "run_ended" || refusal.code === "run_not_found") this.#current.abandon();
          else this.#current.end("failed", `The database refused what was measured: ${refusal.message}`);
        },
      },
      over.signal,
    );
    const resting = { ...this.#setup, isBusy: () => this.#current !== null, fence: () => session.fence };
    const working = Promise.all([
      delivering,
      this.#keepLease(session, feed),
      tellReadings(resting, over.signal),
    ]).catch(onFault);
    await Promise.race([aborted(this.#shutdown), aborted(over.signal)]);
    if (over.signal.aborted) this.#current?.abandon();
    this.#current?.end("aborted", "Controller shut down.");
    await this.#current?.ended;
    if (!over.signal.aborted) await this.#leave(session);
    over.abort();
    feed.close();
    await working;
    if (!this.#shutdown.aborted) await pause(LEASE_MS, this.#shutdown);
  }

  /** The last reports, then the lease; a database that does not answer is not waited for. */
  async #leave(session: Session): Promise<void> {
    const { client, machine, log } = this.#setup;
    const { over } = session;
    const limit = AbortSignal.timeout(LAST_REPORTS_MS);
    while (!this.#reporter.isDelivered() && !limit.aborted && !over.signal.aborted) await pause(20, limit);
    if (!this.#reporter.isDelivered()) {
      log("the last reports could not be delivered; they are kept and sent at the next start");
      return;
    }
    await Promise.race([client.release(machine.id, session.fence), pause(LAST_REPORTS_MS / 3, over.signal)]);
  }

  async #keepLease(session: Session, feed: CommandFeed): Promise<void> {
    const { client, machine, log } = this.#setup;
    let failures = 0;
    while (!session.over.signal.aborted) {
      const used = session.fence;
      const answer = await client.renew(machine.id, used);
      if (session.over.signal.aborted) return;
      if (answer.ok) {
        if (failures > 0) log("the database answers again");
        failures = 0;
        this.#follow(answer.commands, session);
        this.#settleFound(answer.commands);
        await pause(feed.isLive() ? RENEW_EVERY_MS : RENEW_WITHOUT_FEED_MS, session.over.signal);
      } else if (isPassing(answer.status, answer.code)) {
        failures += 1;
        if (failures === 1) log(`the lease could not be renewed: ${answer.message}`);
        await pause(Math.min(RENEW_AFTER_FAILURE_MS, backoffMs(failures)), session.over.signal);
      } else await this.#regain(session, used);
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
      if (command.kind === "start" && this.#isToStart(command)) {
        this.#followed.add(command.id);
        this.#taking.add(command.id);
        this.#followStart(command, session).catch((fault: Error) =>
          this.#setup.log(`start failed: ${fault.message}`),
        );
      }
    }
  }

  #isToStart({ id, status }: CommandRow): boolean {
    const isOpen = status === "requested" || (status === "accepted" && this.#taking.has(id));
    return isOpen && this.#current === null;
  }

  /** The machine first, the database after it. */
  #followStop(command: CommandRow): void {
    const run = this.#current;
    const isOpen = ["requested", "accepted", "executing"].includes(command.status);
    if (isOpen && run === null && command.run_id !== null) this.#stopsAhead.set(command.run_id, command);
    if (!isOpen || run === null || run.runId !== command.run_id) return;
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
      else if (accepted.code === "fence_stale") this.#followed.delete(command.id);
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
      await this.#tellEnd(accepted.run.id, "failed", session);
      return;
    }
    this.#current = started.run;
    log(`run ${accepted.run.id} started`);
    const stop = this.#stopsAhead.get(accepted.run.id);
    if (stop !== undefined) this.#followStop(stop);
    this.#stopsAhead.clear();
    const { outcome, worstLatenessMs } = await started.run.ended;
    this.#current = null;
    log(`run ${accepted.run.id} ${outcome}; this host was at most ${worstLatenessMs.toFixed(0)} ms late`);
    await this.#tellEnd(accepted.run.id, outcome, session);
  }

  async #tellEnd(runId: string, outcome: string, { over }: Session): Promise<void> {
    if (this.#setup.onRunEnded === undefined) return;
    while (!this.#reporter.isDelivered() && !over.signal.aborted) await pause(50, over.signal);
    this.#setup.onRunEnded(runId, outcome);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
