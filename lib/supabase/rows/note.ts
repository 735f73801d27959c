import type { Fields } from "#lib/model/fields.ts";
import type { Note, NotePlace, NoteVersion } from "#lib/model/note.ts";
import { filledText, rowReader } from "./row.ts";

const placeOf = (row: Fields): NotePlace => ({
  seq: row.maybeNumber("seq"),
  untilSeq: row.maybeNumber("until_seq"),
  at: row.maybeMoment("at"),
  untilAt: row.maybeMoment("until_at"),
});

export const notesRow = rowReader("notes_of_run", (frame): Note[] =>
  frame.each("notes", (row) => ({
    ...placeOf(row),
    id: row.text("id"),
    version: row.number("version"),
    body: row.text("body"),
    startMs: row.maybeNumber("start_ms"),
    endMs: row.maybeNumber("end_ms"),
    authorId: row.text("author_id"),
    authorName: filledText(row, "author_name"),
    createdAt: row.moment("created_at"),
    editedAt: row.maybeMoment("edited_at"),
    isRetracted: row.yes("is_retracted"),
    mayEdit: row.yesOr("may_edit", false),
  })),
);

export const noteVersionsRow = rowReader("note_versions", (frame): NoteVersion[] =>
  frame.each("versions", (row) => ({
    ...placeOf(row),
    version: row.number("version"),
    body: row.text("body"),
    isRetracted: row.yes("is_retracted"),
    writtenAt: row.moment("written_at"),
  })),
);
