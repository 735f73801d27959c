"use client";

import { type RefObject, useEffect, useState } from "react";

/** A little before it scrolls into sight, so that it is there when it does. */
const MARGIN = "200px";

/** Whether an element can be seen now, and whether it ever could. */
export function useInSight(element: RefObject<Element | null>): { isInSight: boolean; wasInSight: boolean } {
  const [seen, see] = useState({ isInSight: false, wasInSight: false });

  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        const isInSight = entry?.isIntersecting ?? false;
        see((known) => ({ isInSight, wasInSight: known.wasInSight || isInSight }));
      },
      { rootMargin: MARGIN },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);

  return seen;
}
