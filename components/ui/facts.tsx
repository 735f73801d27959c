import type { ReactNode } from "react";
import { joinClasses } from "#components/ui/join-classes.ts";

interface FactProps {
  readonly label: string;
  readonly children: ReactNode;
  /** Smaller words under the value: unit, range, zone. */
  readonly note?: ReactNode;
  readonly isLarge?: boolean;
  readonly className?: string;
}

/** One value with its name; lives inside `Facts`. */
export function Fact({ label, children, note, isLarge = false, className }: FactProps) {
  return (
    <div className={joinClasses("min-w-0", className)}>
      <dt className="eyebrow">{label}</dt>
      <dd
        className={
          isLarge
            ? "text-xl font-semibold tracking-tight"
            : "line-clamp-3 text-sm font-medium [overflow-wrap:anywhere]"
        }
      >
        {children}
      </dd>
      {note ? <dd className="text-xs text-ink-faint">{note}</dd> : null}
    </div>
  );
}

/** A list of named values that wraps to the width it has; `className`: columns of its own. */
export function Facts({
  className,
  children,
}: {
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <dl
      className={joinClasses(
        "grid gap-x-5 gap-y-3",
        className ?? "grid-cols-[repeat(auto-fill,minmax(8.5rem,1fr))]",
      )}
    >
      {children}
    </dl>
  );
}
