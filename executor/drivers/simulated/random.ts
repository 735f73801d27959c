/** Numbers that look random and are the same for the same seed. */
export type Random = {
  /** Evenly spread in [0, 1). */
  uniform: () => number;
  /** Normally spread around `mean`. */
  normal: (mean: number, deviation: number) => number;
};

/** Mulberry32: 32 bits of state, full period, good enough for noise. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = (mean: number, deviation: number) => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * uniform());
  };
  return { uniform, normal };
}

/** A seed from a name, so that a machine or run behaves the same whenever it is played again. */
export function seedOf(text: string): number {
  let hash = 2_166_136_261;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619);
  return hash >>> 0;
}
