/**
 * A way to the other pages of this browser. Null where there is none, or where a browser that keeps nothing for this
 * address forbids it.
 */
export function openBroadcast(name: string): BroadcastChannel | null {
  if (typeof BroadcastChannel === "undefined") return null;
  try {
    return new BroadcastChannel(name);
  } catch (fault) {
    if (fault instanceof DOMException) return null;
    throw fault;
  }
}
