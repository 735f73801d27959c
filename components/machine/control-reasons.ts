// Why a control is not available, in the words a person reads beside it. A courtesy: Postgres decides again on every
// call. Guarded by control-reasons.test.ts.

import { type Command, isCommandSettled } from "#lib/model/command.ts";
import { isLeaseHeld, type Lease } from "#lib/model/lease.ts";
import { isMachineBusy, type Machine } from "#lib/model/machine.ts";
import { type Person, whyNoCommand } from "#lib/model/person.ts";
import type { EpochMs } from "#lib/time.ts";

export type ControlScene = {
  machine: Machine;
  lease: Lease | null;
  person: Person;
  commands: readonly Command[];
  /** What the database last said about this person and machine; it may have changed since the person was read. */
  mayCommand: boolean;
  /** What is shown may be behind the machine. */
  isInDoubt: boolean;
  /** This tab asked for a start that nobody has answered; it may yet begin. */
  ownStart: "none" | "sending" | "silent";
  /** The moment up to which the rest is known, by the server's clock. */
  now: EpochMs;
};

/** Null when this person may command this machine at all. */
export function whyNotThisPerson({ machine, person, mayCommand }: ControlScene): string | null {
  const reason = whyNoCommand(person, machine.id);
  if (reason !== null || mayCommand) return reason;
  return "Your role or your assignment to this machine has been taken back. Ask an administrator.";
}

/** Null when a start may be asked for, else the first reason against it. */
export function whyNoStart(scene: ControlScene): string | null {
  const { machine, lease, commands, now } = scene;
  const personal = whyNotThisPerson(scene);
  if (personal !== null) return personal;
  if (!machine.isActive) return "This machine is taken out of service.";
  const busy = statusReason(machine);
  if (busy !== null) return busy;
  if (!isLeaseHeld(lease, now))
    return "No controller is connected to this machine, so nothing could run the recipe.";
  if (scene.ownStart === "sending") return "Your start is on its way; it has no answer yet.";
  const pending = commands.find((command) => command.kind === "start" && !isCommandSettled(command.status));
  return pending ? "Another start is already on its way." : null;
}

function statusReason(machine: Machine): string | null {
  switch (machine.status) {
    case "idle":
      return null;
    case "processing":
      return "A run is live. Stop it, or wait for its end.";
    case "stopping":
      return "A run is being stopped. Wait for its end.";
    case "error":
      return "The machine is in error. Clear it first.";
    case "unknown":
      return "The last run's outcome is unknown. Reconcile it first.";
    case "maintenance":
      return "The machine is in maintenance.";
    case "offline":
      return "The machine is offline.";
  }
}

/**
 * Null when a stop may be asked for. While a run is live, or this screen cannot know that none is, only the person's
 * own role stands against it (trust rules T18, T22).
 */
export function whyNoStop(scene: ControlScene): string | null {
  const { machine, isInDoubt, ownStart } = scene;
  const personal = whyNotThisPerson(scene);
  if (personal !== null) return personal;
  const mayRun = isMachineBusy(machine.status) || isInDoubt || ownStart !== "none";
  return mayRun ? null : "Nothing is running.";
}

/** Null when this person may clear or reconcile the machine. */
export const whyNoMend = (scene: ControlScene): string | null => whyNotThisPerson(scene);
