/** True when two plain values (objects, lists, scalars) hold the same. */
function isSameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return (
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && isSameValue(value, right.get(key)))
  );
}

/** `next`, unless it holds the same as `kept`: then `kept` itself, so that nothing is drawn again. */
export const keepSame = <T>(kept: T, next: T): T => (isSameValue(kept, next) ? kept : next);
