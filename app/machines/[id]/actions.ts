"use server";

import { carryOut } from "#app/machines/[id]/carry-out.ts";
import {
  clearMachineSchema,
  reconcileRunSchema,
  requestStopSchema,
  startRunSchema,
} from "#lib/commands/commands.ts";
import { clearMachine, reconcileRun, requestStop, type Sent, startRun } from "#lib/supabase/send-command.ts";

// Success means that the request is stored, not that the machine has done it: what the machine did arrives by the feed.

export async function startRunAction(input: unknown): Promise<Sent> {
  return carryOut(startRunSchema, input, startRun);
}

/** Beside the fixed address `/machines/[id]/stop`, which is asked first. */
export async function requestStopAction(input: unknown): Promise<Sent> {
  return carryOut(requestStopSchema, input, requestStop);
}

export async function clearMachineAction(input: unknown): Promise<Sent> {
  return carryOut(clearMachineSchema, input, clearMachine);
}

export async function reconcileRunAction(input: unknown): Promise<Sent> {
  return carryOut(reconcileRunSchema, input, reconcileRun);
}
