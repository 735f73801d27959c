import { parseAsFloat, parseAsInteger, parseAsStringLiteral } from "nuqs";

const runTabs = ["timeline", "durations", "trends", "steps"] as const;

/** The state of the run page, whole in the address: a link shows exactly what its sender saw. */
export const viewParams = {
  tab: parseAsStringLiteral(runTabs).withDefault("timeline"),
  /** The shown window in ms from the run's first step; both absent: the whole run. */
  from: parseAsFloat,
  to: parseAsFloat,
  /** Width in ms of a window that keeps to the live edge. */
  span: parseAsFloat,
  step: parseAsInteger,
};

export const TABS = [
  { value: "timeline", label: "Timeline" },
  { value: "durations", label: "Durations" },
  { value: "trends", label: "Trends" },
  { value: "steps", label: "Steps" },
] as const;
