import type { ReactNode } from "react";

/** One form per meaning, told apart without colour and at 10 px. */
export type ShapeName =
  | "ring"
  | "dot"
  | "play"
  | "pause"
  | "square"
  | "half"
  | "check"
  | "diamond"
  | "triangle"
  | "question"
  | "dash"
  | "wrench";

const LINE = { fill: "none", stroke: "currentColor", strokeWidth: 1.75, strokeLinecap: "round" } as const;

const PATHS: Record<ShapeName, ReactNode> = {
  ring: <circle cx="6" cy="6" r="4.1" {...LINE} />,
  dot: <circle cx="6" cy="6" r="4" />,
  play: <path d="M3 1.8c0-.6.7-1 1.2-.7l6.1 4.1c.5.4.5 1.1 0 1.5l-6.1 4.2c-.5.3-1.2 0-1.2-.7z" />,
  pause: <path d="M2.6 2h2.5v8H2.6zM6.9 2h2.5v8H6.9z" />,
  square: <rect x="2" y="2" width="8" height="8" rx="1" />,
  half: <path d="M2 3a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1zm1.5.5v5L8.5 3.5z" />,
  check: <path d="m2.2 6.4 2.7 2.7L9.9 3.3" {...LINE} strokeLinejoin="round" />,
  diamond: <path d="M6 .6 11.4 6 6 11.4.6 6z" />,
  triangle: <path d="M5.2 1.3a.9.9 0 0 1 1.6 0l4.4 8.2a.9.9 0 0 1-.8 1.3H1.6a.9.9 0 0 1-.8-1.3z" />,
  question: (
    <>
      <path
        d="M5.2 1.3a.9.9 0 0 1 1.6 0l4.4 8.2a.9.9 0 0 1-.8 1.3H1.6a.9.9 0 0 1-.8-1.3z"
        {...LINE}
        strokeWidth={1.3}
      />
      <path d="M6 4.3v2.6M6 8.8v.1" {...LINE} strokeWidth={1.4} />
    </>
  ),
  dash: <path d="M2 6h8" {...LINE} strokeWidth={2} />,
  wrench: (
    <path
      d="M2.3 9.7 6 6m-.4-1.9a2.6 2.6 0 0 1 3.3-2.5L7.3 3.2l1.5 1.5 1.6-1.6A2.6 2.6 0 0 1 6.7 6.4"
      {...LINE}
    />
  ),
};

interface ShapeProps {
  readonly name: ShapeName;
  readonly className?: string;
}

/** A 12-unit mark in the colour of the text around it; the word beside it carries the meaning for a reader. */
export function Shape({ name, className = "size-3" }: ShapeProps) {
  return (
    <svg viewBox="0 0 12 12" fill="currentColor" aria-hidden="true" className={`shrink-0 ${className}`}>
      {PATHS[name]}
    </svg>
  );
}
