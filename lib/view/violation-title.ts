const TITLES: Readonly<Record<string, string>> = {
  I1: "More than one active run on a machine",
  I2: "Tables and run disagree about the machine",
  I3: "Steps are missing or counted wrong",
  I4: "Open steps do not fit the run",
  I5: "Times of steps contradict each other",
  I6: "A command came to no outcome, or to a wrong one",
  I7: "A change of status is not in the log",
  I11: "A table can be read past the roles",
};

/** What an invariant that does not hold means, in words. */
export const violationTitle = (invariant: string): string =>
  TITLES[invariant] ?? `${invariant} does not hold`;
