"use client";

import { useEffect, useRef, useState } from "react";
import type { RecipeDraft } from "#lib/view/recipe-draft.ts";

const KEEP_AFTER_MS = 400;
const keyOf = (recipeId: string) => `pulseboard draft of ${recipeId}`;

interface KeptDraft {
  /** What was typed here before and never saved; null when there is nothing. */
  readonly found: RecipeDraft | null;
  readonly forget: () => void;
}

/**
 * Keeps what was typed in this tab, so that a page that is left, reloaded or signed out of costs no work. `name` is the
 * recipe's id, or one word for all that are new; `draft` null while nothing was typed.
 */
export function useKeptDraft(name: string, draft: RecipeDraft | null): KeptDraft {
  const [found, setFound] = useState<RecipeDraft | null>(null);
  useEffect(() => setFound(readKept(name)), [name]);
  useEffect(() => {
    if (draft === null) return;
    const timer = setTimeout(() => keep(name, draft), KEEP_AFTER_MS);
    const warn = (event: BeforeUnloadEvent) => {
      keep(name, draft);
      event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("beforeunload", warn);
    };
  }, [name, draft]);
  // Left for another page of ours before the pause was over.
  const latest = useRef(draft);
  useEffect(() => {
    latest.current = draft;
  }, [draft]);
  useEffect(
    () => () => {
      if (latest.current !== null) keep(name, latest.current);
    },
    [name],
  );
  const forget = () => {
    setFound(null);
    keep(name, null);
  };
  return { found, forget };
}

/** A browser may have no room, or keep nothing at all: the draft then lives in the page alone, as it does anyway. */
function keep(name: string, draft: RecipeDraft | null): boolean {
  try {
    if (draft === null) sessionStorage.removeItem(keyOf(name));
    else sessionStorage.setItem(keyOf(name), JSON.stringify(draft));
    return true;
  } catch (fault) {
    if (fault instanceof DOMException) return false;
    throw fault;
  }
}

/** Only what this very page wrote is read back; anything else is as if nothing were there. */
function readKept(name: string): RecipeDraft | null {
  try {
    const draft: RecipeDraft | null = JSON.parse(sessionStorage.getItem(keyOf(name)) ?? "null");
    return draft !== null && Array.isArray(draft.steps) && typeof draft.head?.name === "string"
      ? draft
      : null;
  } catch (fault) {
    if (fault instanceof DOMException || fault instanceof SyntaxError) return null;
    throw fault;
  }
}
