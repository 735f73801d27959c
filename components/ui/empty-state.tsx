import type { ReactNode } from "react";

interface EmptyStateProps {
  readonly title: string;
  /** Why there is nothing, and what would change that. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** Nothing to show, said plainly. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="grid justify-items-center gap-1 px-6 py-12 text-center">
      <p className="text-sm font-semibold">{title}</p>
      <p className="max-w-md text-sm text-ink-muted">{children}</p>
      {action ? <div className="mt-4">{action}</div> : null}
    </div>
  );
}
