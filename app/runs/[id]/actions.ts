"use server";

import { carryOut } from "#app/machines/[id]/carry-out.ts";
import { editNoteSchema, markRunSchema, retractNoteSchema, writeNoteSchema } from "#lib/commands/commands.ts";
import type { Result } from "#lib/result.ts";
import { markRun } from "#lib/supabase/mark-run.ts";
import { editNote, retractNote, writeNote } from "#lib/supabase/send-note.ts";

export async function markRunAction(input: unknown): Promise<Result<{ isGood: boolean }>> {
  return carryOut(markRunSchema, input, markRun);
}

export async function writeNoteAction(input: unknown): Promise<Result<{ noteId: string }>> {
  return carryOut(writeNoteSchema, input, writeNote);
}

export async function editNoteAction(input: unknown): Promise<Result<{ noteId: string }>> {
  return carryOut(editNoteSchema, input, editNote);
}

export async function retractNoteAction(input: unknown): Promise<Result<{ noteId: string }>> {
  return carryOut(retractNoteSchema, input, retractNote);
}
