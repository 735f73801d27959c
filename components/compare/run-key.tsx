import { runLook } from "#components/compare/run-look.ts";

/** The line of a compared run, as it is drawn in the charts: its number on its colour and dashes. */
export function RunKey({ index }: { readonly index: number }) {
  const { stroke, strokeDasharray } = runLook(index);
  return (
    <svg
      role="img"
      aria-label={`Run ${index}`}
      viewBox="0 0 40 16"
      className="inline-block h-4 w-10 shrink-0 align-[-0.2rem]"
    >
      <path d="M0 8H40" stroke={stroke} strokeWidth="2" strokeDasharray={strokeDasharray} fill="none" />
      <NumberMark cx={20} cy={8} index={index} />
    </svg>
  );
}

interface NumberMarkProps {
  readonly cx: number;
  readonly cy: number;
  readonly index: number;
}

/** The number of a run on its line. */
export function NumberMark({ cx, cy, index }: NumberMarkProps) {
  return (
    <g>
      <circle cx={cx} cy={cy} r="7" fill="var(--surface)" stroke={runLook(index).stroke} strokeWidth="1.25" />
      <text x={cx} y={cy + 3} textAnchor="middle" fontSize="9" fontWeight="600" fill="var(--ink)">
        {index}
      </text>
    </g>
  );
}
