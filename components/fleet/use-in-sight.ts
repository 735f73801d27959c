import { type RefObject, useEffect, useState } from "react";

/** A little before it scrolls into sight. */
const MARGIN = "200px";

/** Which of the children of a list can be seen, by their `data-id`; null until it is known. */
export function useInSight(
  list: RefObject<Element | null>,
  ids: readonly string[],
): ReadonlySet<string> | null {
  const [inSight, setInSight] = useState<ReadonlySet<string> | null>(null);
  useEffect(() => {
    if (!list.current || ids.length === 0) return;
    const observer = new IntersectionObserver(
      (entries) => setInSight((known) => withEntries(known ?? new Set(), entries)),
      { rootMargin: MARGIN },
    );
    for (const child of list.current.children) observer.observe(child);
    return () => observer.disconnect();
  }, [list, ids]);
  return inSight;
}

function withEntries(
  known: ReadonlySet<string>,
  entries: readonly IntersectionObserverEntry[],
): ReadonlySet<string> {
  const next = new Set(known);
  for (const { target, isIntersecting } of entries) {
    const id = target.getAttribute("data-id") ?? "";
    if (isIntersecting) next.add(id);
    else next.delete(id);
  }
  return next;
}
