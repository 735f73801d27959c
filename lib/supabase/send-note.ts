import type { EditNoteRequest, NoteText, RetractNoteRequest, WriteNoteRequest } from "#lib/model/note.ts";
import type { Result } from "#lib/result.ts";
import { ask, type Client, forPerson } from "./call.ts";

type Sent = Result<{ noteId: string }>;

async function send(noteId: string, what: string, call: Parameters<typeof ask>[1]): Promise<Sent> {
  const answer = await ask(what, call);
  return answer.ok ? { ok: true, noteId } : forPerson(answer);
}

const placed = ({ body, seq, untilSeq, at, untilAt }: NoteText) => ({
  p_body: body,
  p_seq: seq,
  p_until_seq: untilSeq,
  p_at: at,
  p_until_at: untilAt,
});

/** Written twice with the same id it is written once. */
export const writeNote = (client: Client, { noteId, runId, ...text }: WriteNoteRequest): Promise<Sent> =>
  send(noteId, "write the note", (signal) =>
    client.rpc("write_note", { p_note_id: noteId, p_run_id: runId, ...placed(text) }).abortSignal(signal),
  );

/** Refused with 412 note_changed when the note has another version by now than the author saw. */
export const editNote = (client: Client, { noteId, version, ...text }: EditNoteRequest): Promise<Sent> =>
  send(noteId, "change the note", (signal) =>
    client.rpc("edit_note", { p_note_id: noteId, p_version: version, ...placed(text) }).abortSignal(signal),
  );

/** As editNote; what the note said stays in its history. */
export const retractNote = (client: Client, { noteId, version }: RetractNoteRequest): Promise<Sent> =>
  send(noteId, "take the note back", (signal) =>
    client.rpc("retract_note", { p_note_id: noteId, p_version: version }).abortSignal(signal),
  );
