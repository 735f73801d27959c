// Which entries of two lists belong together, for telling what became of a list. Guarded by program-diff.test.ts.

/** Above this many comparisons the longest common subsequence is not looked for; first come, first paired. */
const MOST_COMPARISONS = 4_000_000;

export type Pair<T> = readonly [before: T, after: T];

/**
 * Pairs entries in order: first all that are alike by the first key, then, between those, by the next key. Later keys
 * are for what was changed in its place.
 */
export function align<T>(
  before: readonly T[],
  after: readonly T[],
  keys: readonly ((entry: T) => string | number)[],
): Pair<T>[] {
  const [key, ...rest] = keys;
  if (key === undefined || before.length === 0 || after.length === 0) return [];
  const pairs: Pair<T>[] = [];
  let [atBefore, atAfter] = [0, 0];
  const between = (toBefore: number, toAfter: number) =>
    pairs.push(...align(before.slice(atBefore, toBefore), after.slice(atAfter, toAfter), rest));
  for (const [i, j] of common(before.map(key), after.map(key))) {
    between(i, j);
    pairs.push([before[i] as T, after[j] as T]);
    [atBefore, atAfter] = [i + 1, j + 1];
  }
  between(before.length, after.length);
  return pairs;
}

type Key = string | number;

/** Positions of a longest common subsequence, ascending in both lists. */
function common(before: readonly Key[], after: readonly Key[]): [number, number][] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let [endBefore, endAfter] = [before.length, after.length];
  while (endBefore > start && endAfter > start && before[endBefore - 1] === after[endAfter - 1]) {
    endBefore -= 1;
    endAfter -= 1;
  }
  const middle = [before.slice(start, endBefore), after.slice(start, endAfter)] as const;
  const found =
    middle[0].length * middle[1].length > MOST_COMPARISONS ? firstCome(...middle) : longest(...middle);
  const shifted = found.map(([i, j]): [number, number] => [i + start, j + start]);
  const head = Array.from({ length: start }, (_, i): [number, number] => [i, i]);
  const tail = Array.from({ length: before.length - endBefore }, (_, i): [number, number] => [
    endBefore + i,
    endAfter + i,
  ]);
  return [...head, ...shifted, ...tail];
}

function longest(before: readonly Key[], after: readonly Key[]): [number, number][] {
  const width = after.length + 1;
  // length[i * width + j]: of the common subsequence of before[i…] and after[j…].
  const length = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number): number => length[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      length[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found: [number, number][] = [];
  for (let i = 0, j = 0; i < before.length && j < after.length; ) {
    if (before[i] === after[j]) found.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return found;
}

function firstCome(before: readonly Key[], after: readonly Key[]): [number, number][] {
  const found: [number, number][] = [];
  let from = 0;
  for (const [i, key] of before.entries()) {
    const j = after.indexOf(key, from);
    if (j < 0) continue;
    found.push([i, j]);
    from = j + 1;
  }
  return found;
}

/** Positions of a longest ascending subsequence of distinct numbers: what of a list has kept its order. */
export function inOrder(numbers: readonly number[]): Set<number> {
  const ends: number[] = [];
  const before = new Map<number, number>();
  for (const [position, number] of numbers.entries()) {
    let low = 0;
    for (let high = ends.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((numbers[ends[middle] ?? 0] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    const previous = ends[low - 1];
    if (previous !== undefined) before.set(position, previous);
    ends[low] = position;
  }
  const kept = new Set<number>();
  for (let at = ends.at(-1); at !== undefined; at = before.get(at)) kept.add(at);
  return kept;
}
