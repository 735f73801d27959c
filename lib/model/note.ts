import { can, type Person } from "#lib/model/person.ts";
import type { EpochMs } from "#lib/time.ts";

/** Where a note is: on a step or a range of steps, on a moment or a stretch of the controller's clock, or on the whole run. */
export type NotePlace = {
  seq: number | null;
  untilSeq: number | null;
  at: EpochMs | null;
  untilAt: EpochMs | null;
};

/** What an engineer wrote about a run, as it stands. */
export type Note = NotePlace & {
  id: string;
  /** From 1; an edit names the version it was made from. */
  version: number;
  body: string;
  /** The place in ms from the run's first step; null where there is none, or a step has no time. */
  startMs: number | null;
  endMs: number | null;
  authorId: string;
  /** Null when the person is no longer known. */
  authorName: string | null;
  createdAt: EpochMs;
  editedAt: EpochMs | null;
  /** Taken back by its author; what it said stays in its history. */
  isRetracted: boolean;
  /** What the database says of the person who reads. */
  mayEdit: boolean;
};

/** What a note once said. */
export type NoteVersion = NotePlace & {
  version: number;
  body: string;
  isRetracted: boolean;
  writtenAt: EpochMs;
};

/** As it is sent: moments as text, to the microsecond. */
export type NoteText = {
  body: string;
  seq: number | null;
  untilSeq: number | null;
  at: string | null;
  untilAt: string | null;
};
/** `noteId` is made by the browser, so that asking twice is asking once. */
export type WriteNoteRequest = NoteText & { noteId: string; runId: string };
export type RetractNoteRequest = { noteId: string; version: number };
export type EditNoteRequest = NoteText & RetractNoteRequest;

/** Null when this person may write notes, else the sentence that says why not. A courtesy: the database decides. */
export function whyNoNote(person: Person): string | null {
  if (!person.isActive) return "Your profile is disabled. Ask an administrator.";
  return can(person.role, "note") ? null : "Only engineers and administrators write notes.";
}
