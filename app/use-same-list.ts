"use client";

import { useState } from "react";

/** The list as it was, as long as it holds the very same things: what is made of it need not be made again. */
export function useSameList<T>(list: readonly T[]): readonly T[] {
  const [kept, keep] = useState(list);
  const isSame = kept.length === list.length && kept.every((each, at) => each === list[at]);
  if (isSame) return kept;
  keep(list);
  return list;
}
