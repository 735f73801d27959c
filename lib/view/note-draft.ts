import type { NotePlace, NoteText } from "#lib/model/note.ts";
import { type EpochMs, elapsed, exactMoment, later } from "#lib/time.ts";
import { offsetText, parseOffset } from "./note-place.ts";

export const placeKinds = ["run", "step", "steps", "moment", "stretch"] as const;
export type PlaceKind = (typeof placeKinds)[number];

/** A note as it is being written: text as typed. What does not belong to `kind` waits in case it is chosen again. */
export type NoteDraft = {
  kind: PlaceKind;
  body: string;
  seq: string;
  untilSeq: string;
  /** From the first step, as parseOffset reads it. */
  from: string;
  until: string;
};
export type DraftField = "body" | "seq" | "untilSeq" | "from" | "until";

/** What is open on the page, offered where the place asks for it. */
export type InSight = { step: number | null; fromMs: number | null; toMs: number | null };

export const newDraft = ({ step, fromMs, toMs }: InSight, kind: PlaceKind = "run"): NoteDraft => ({
  kind,
  body: "",
  seq: step === null ? "" : String(step),
  untilSeq: "",
  from: fromMs === null ? "" : offsetText(fromMs),
  until: toMs === null ? "" : offsetText(toMs),
});

export function draftOf(note: NotePlace & { body: string }, begin: EpochMs | null): NoteDraft {
  const offset = (at: EpochMs | null) =>
    at === null || begin === null ? "" : offsetText(elapsed(begin, at));
  return {
    kind: kindOf(note),
    body: note.body,
    seq: note.seq === null ? "" : String(note.seq),
    untilSeq: note.untilSeq === null ? "" : String(note.untilSeq),
    from: offset(note.at),
    until: offset(note.untilAt),
  };
}

function kindOf({ seq, untilSeq, at, untilAt }: NotePlace): PlaceKind {
  if (seq !== null) return untilSeq === null ? "step" : "steps";
  if (at !== null) return untilAt === null ? "moment" : "stretch";
  return "run";
}

type ReadDraft = { ok: true; text: NoteText } | { ok: false; field: DraftField; message: string };

const LONGEST = 4000;
const NOWHERE = { seq: null, untilSeq: null, at: null, untilAt: null };

/** What is to be sent, or the first field that does not say it yet; `begin` is the run's first step. */
export function readDraft(draft: NoteDraft, begin: EpochMs | null): ReadDraft {
  const place = readPlace(draft, begin);
  if (!place.ok) return place;
  const body = draft.body.trim();
  if (body === "") return fault("body", "Write what there is to know.");
  if (body.length > LONGEST) return fault("body", `Too long by ${body.length - LONGEST} characters.`);
  return { ok: true, text: { ...place.place, body } };
}

type Fault = { ok: false; field: DraftField; message: string };
type ReadPlace = { ok: true; place: Omit<NoteText, "body"> } | Fault;

const fault = (field: DraftField, message: string): Fault => ({ ok: false, field, message });

function readPlace(draft: NoteDraft, begin: EpochMs | null): ReadPlace {
  if (draft.kind === "run") return { ok: true, place: NOWHERE };
  return draft.kind === "step" || draft.kind === "steps" ? readSteps(draft) : readTimes(draft, begin);
}

function readSteps({ kind, seq: first, untilSeq: last }: NoteDraft): ReadPlace {
  const seq = stepNumber(first);
  if (seq === null) return fault("seq", "The number of a step, from 1.");
  if (kind === "step") return { ok: true, place: { ...NOWHERE, seq } };
  const untilSeq = stepNumber(last);
  if (untilSeq === null) return fault("untilSeq", "The number of a step, from 1.");
  if (untilSeq < seq) return fault("untilSeq", "It comes before the first.");
  return { ok: true, place: { ...NOWHERE, seq, untilSeq } };
}

const stepNumber = (text: string): number | null =>
  /^[1-9]\d{0,8}$/.test(text.trim()) ? Number(text) : null;

function readTimes({ kind, from, until }: NoteDraft, begin: EpochMs | null): ReadPlace {
  if (begin === null) return fault("from", "This run has no first step yet to count from.");
  const fromMs = parseOffset(from);
  if (fromMs === null) return fault("from", "Seconds, m:ss or h:mm:ss, e.g. 12.5 or 1:02:03.");
  const at = exactMoment(later(begin, fromMs));
  if (kind === "moment") return { ok: true, place: { ...NOWHERE, at } };
  const untilMs = parseOffset(until);
  if (untilMs === null) return fault("until", "Seconds, m:ss or h:mm:ss, e.g. 12.5 or 1:02:03.");
  if (untilMs < fromMs) return fault("until", "It comes before the beginning.");
  return { ok: true, place: { ...NOWHERE, at, untilAt: exactMoment(later(begin, untilMs)) } };
}
