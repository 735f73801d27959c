import type { ReactNode } from "react";

interface GroupProps {
  readonly title: string;
  readonly children: ReactNode;
  /** Columns of its own. */
  readonly className?: string;
}

/** One component, in all of its states. */
export function Group({ title, children, className = "grid-cols-[minmax(0,1fr)]" }: GroupProps) {
  return (
    <section aria-label={title} className="grid gap-3 border-t border-line pt-4">
      <h2 className="text-base font-semibold">{title}</h2>
      <div className={`grid gap-4 ${className}`}>{children}</div>
    </section>
  );
}

/** A state, with its name. What clings to an edge of the window clings to this instead. */
export function Specimen({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="grid min-w-0 content-start gap-1">
      <p className="eyebrow">{name}</p>
      <div className="min-w-0 [contain:layout]">{children}</div>
    </div>
  );
}

export const nothing = (): void => undefined;
