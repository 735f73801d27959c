import type { Note, NotePlace } from "#lib/model/note.ts";
import { type EpochMs, elapsed } from "#lib/time.ts";
import { formatCount } from "./count.ts";

/** Where a note is, in words; `begin` is the run's first step by the controller's clock. Null: it is on the whole run. */
export function placeText({ seq, untilSeq, at, untilAt }: NotePlace, begin: EpochMs | null): string | null {
  if (seq !== null) {
    return untilSeq === null || untilSeq === seq
      ? `Step ${formatCount(seq)}`
      : `Steps ${formatCount(seq)} to ${formatCount(untilSeq)}`;
  }
  if (at === null || begin === null) return null;
  const from = offsetText(elapsed(begin, at));
  return untilAt === null || untilAt === at
    ? `At ${from}`
    : `${from} to ${offsetText(elapsed(begin, untilAt))}`;
}

const MINUTE_S = 60;

/** Time from the first step, exact to the microsecond, as it can be typed again: "12.5 s", "1:02:03.25". */
export function offsetText(ms: number): string {
  const sign = ms < 0 ? "−" : "";
  const seconds = Math.round(Math.abs(ms) * 1000) / 1e6;
  if (seconds < MINUTE_S) return `${sign}${fraction(seconds)} s`;
  const minutes = Math.floor(seconds / MINUTE_S);
  const rest = fraction(seconds - minutes * MINUTE_S);
  const padded = /^\d(\.|$)/.test(rest) ? `0${rest}` : rest;
  if (minutes < MINUTE_S) return `${sign}${minutes}:${padded}`;
  const hours = Math.floor(minutes / MINUTE_S);
  return `${sign}${hours}:${String(minutes % MINUTE_S).padStart(2, "0")}:${padded}`;
}

const fraction = (seconds: number): string => String(Number(seconds.toFixed(6)));

const OFFSET = /^(?:(?:(\d{1,5}):)?(\d{1,5}):)?(\d{1,8}(?:\.\d{1,6})?)\s*s?$/;

/** Time from the first step in ms, as typed: seconds, m:ss or h:mm:ss. Null when it is none of them. */
export function parseOffset(text: string): number | null {
  const parts = OFFSET.exec(text.trim());
  if (parts === null) return null;
  const [, hours = "0", minutes = "0", seconds = "0"] = parts;
  return Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e6) / 1000;
}

/** Part of the run page that shows where a note is; null for a note on the whole run. */
export type PlaceShown =
  | { tab: "steps"; step: number }
  | { tab: "timeline"; from: number; to: number; step: number | null };

/** Room to each side of a moment, in ms. */
const AROUND_MS = 2_500;

/** A single step is shown among the steps, whatever lasts on the timeline. */
export function placeShown({ seq, untilSeq, startMs, endMs }: Note): PlaceShown | null {
  if (seq !== null && (untilSeq === null || startMs === null || endMs === null || endMs <= startMs))
    return { tab: "steps", step: seq };
  if (startMs === null) return null;
  const [from, to] =
    endMs === null || endMs <= startMs
      ? [Math.max(0, startMs - AROUND_MS), Math.max(0, startMs) + AROUND_MS]
      : [Math.max(0, startMs), Math.max(1, endMs)];
  return { tab: "timeline", from: hundredths(from), to: hundredths(to), step: seq };
}

/** As fine as the address keeps a window. */
const hundredths = (ms: number): number => Math.round(ms * 100) / 100;
