"use client";

import { type RefObject, useEffect, useRef } from "react";

/** Brings what a link chose into sight within its own scroller, once, without moving the page. */
export function useIntoView<T extends HTMLElement>(chosen: string | null): RefObject<T | null> {
  const element = useRef<T>(null);
  const isLinked = useRef(chosen !== null);
  useEffect(() => {
    const { current } = element;
    const scroller = current?.parentElement;
    if (isLinked.current && current && scroller) {
      scroller.scrollTop = current.offsetTop - scroller.offsetTop - scroller.clientHeight / 3;
    }
    isLinked.current = false;
  }, []);
  return element;
}
