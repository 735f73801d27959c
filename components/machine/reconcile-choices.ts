export type ReconcileOutcome = "aborted" | "failed";

/** What may have become of a run whose controller was lost, as a person finds it at the machine. */
export const RECONCILE_CHOICES: readonly { value: ReconcileOutcome; title: string; note: string }[] = [
  {
    value: "aborted",
    title: "Aborted",
    note: "The machine was stopped, or stopped itself, before the recipe's end.",
  },
  { value: "failed", title: "Failed", note: "Something broke; the film is not to be trusted." },
];
