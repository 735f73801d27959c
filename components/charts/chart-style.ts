/** One look for every chart: thin grey axes, small quiet figures, no frames. */
export const axisStyle = {
  stroke: "var(--line)",
  tickLine: false,
  tick: { fill: "var(--ink-faint)", fontSize: 11 },
} as const;

export const gridStyle = { stroke: "var(--line)", vertical: false } as const;

export const cursorStyle = { stroke: "var(--accent)", strokeWidth: 1 } as const;
