import { type RefObject, useEffect, useState } from "react";

/** This long after the last movement a hand is no longer about to press something. */
const HOLD_MS = 5000;
const MOVEMENTS = ["pointermove", "pointerdown", "wheel", "keydown", "focusin"] as const;

interface CalmOrder {
  readonly order: readonly string[];
  /** A machine has another place by now, which it takes when the hand is gone. */
  readonly isWaiting: boolean;
}

/** The order as shown: nothing moves under a cursor, a finger or the focus. Who is new comes last, who is gone goes. */
export function useCalmOrder(wanted: readonly string[], place: RefObject<Element | null>): CalmOrder {
  const isHeld = useIsHeld(place);
  const [shown, show] = useState(wanted);
  if (shown === wanted) return { order: shown, isWaiting: false };
  if (!isHeld) {
    show(wanted);
    return { order: wanted, isWaiting: false };
  }
  const kept = withMembers(shown, wanted);
  return { order: kept, isWaiting: kept.some((id, at) => id !== wanted[at]) };
}

function withMembers(shown: readonly string[], wanted: readonly string[]): readonly string[] {
  const isWanted = new Set(wanted);
  const isShown = new Set(shown);
  return [...shown.filter((id) => isWanted.has(id)), ...wanted.filter((id) => !isShown.has(id))];
}

/** Whether somebody is at work in a place of the page: a moment ago, and has not left it with the mouse. */
function useIsHeld(place: RefObject<Element | null>): boolean {
  const [isHeld, setIsHeld] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const listening = new AbortController();
    const options = { signal: listening.signal, passive: true };
    let timer: ReturnType<typeof setTimeout>;
    const letGo = (): void => {
      clearTimeout(timer);
      setIsHeld(false);
    };
    const hold = (): void => {
      clearTimeout(timer);
      timer = setTimeout(letGo, HOLD_MS);
      setIsHeld(true);
    };
    for (const movement of MOVEMENTS) element.addEventListener(movement, hold, options);
    element.addEventListener("pointerleave", letGo, options);
    return () => {
      listening.abort();
      clearTimeout(timer);
    };
  }, [place]);
  return isHeld;
}
