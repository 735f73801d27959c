"use client";

import { useCallback, useMemo, useState } from "react";
import type { Refusal } from "#lib/result.ts";

export type Refused = { readonly key: string; readonly refusal: Refusal };

/** The refusals of this page, each until a person has dismissed it (trust rule T16). `key` is the command's. */
export interface Refusals {
  readonly refused: readonly Refused[];
  /** Commands whose refusal is shown, or was and has been read. */
  readonly handled: ReadonlySet<string>;
  readonly add: (key: string, refusal: Refusal) => void;
  readonly dismiss: (key: string) => void;
}

export function useRefusals(): Refusals {
  const [refused, setRefused] = useState<readonly Refused[]>([]);
  const [dismissed, setDismissed] = useState<readonly string[]>([]);

  const add = useCallback(
    (key: string, refusal: Refusal) => setRefused((known) => [...known, { key, refusal }]),
    [],
  );
  const dismiss = useCallback((key: string) => {
    setRefused((known) => known.filter((each) => each.key !== key));
    setDismissed((known) => [...known, key]);
  }, []);
  const handled = useMemo(
    () => new Set([...dismissed, ...refused.map(({ key }) => key)]),
    [dismissed, refused],
  );
  return { refused, handled, add, dismiss };
}
