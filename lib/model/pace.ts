/** How long a recipe really took, as measured over planned time of its last completed runs (`recipe_pace`). */
export type Pace = {
  /** How many runs it was taken from. */
  runs: number;
  p10: number;
  p50: number;
  p90: number;
};
