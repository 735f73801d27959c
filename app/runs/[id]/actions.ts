"use server";

import { carryOut } from "#app/machines/[id]/carry-out.ts";
import { markRunSchema } from "#lib/commands/commands.ts";
import type { Result } from "#lib/result.ts";
import { markRun } from "#lib/supabase/mark-run.ts";

export async function markRunAction(input: unknown): Promise<Result<{ isGood: boolean }>> {
  return carryOut(markRunSchema, input, markRun);
}
