/** What is behind the figures on a page: hardware, a pretended machine, or a recorded run that is played again. */
export type Origin = "hardware" | "simulated" | "replay";

/** Of a run or a lease: a replayed run is no hardware either, but its figures were measured on some. */
export function originOf({ driver, isSimulated }: { driver: string | null; isSimulated: boolean }): Origin {
  if (driver === "replay") return "replay";
  return isSimulated ? "simulated" : "hardware";
}

/** What to say of many things at once: that some are pretended outweighs that others are replayed. */
export function originOfAll(origins: readonly Origin[]): Origin {
  if (origins.includes("simulated")) return "simulated";
  return origins.includes("replay") ? "replay" : "hardware";
}
