import type { ReactNode } from "react";

interface EmptyStateProps {
  readonly title: string;
  /** Why there is nothing, and what would change that. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
  /** It is the whole page, and its title the page's heading. */
  readonly isPage?: boolean;
}

/** Nothing to show, said plainly. */
export function EmptyState({ title, children, action, isPage = false }: EmptyStateProps) {
  const Title = isPage ? "h1" : "p";
  return (
    <div className="grid justify-items-center gap-1 px-6 py-12 text-center">
      <Title className={isPage ? "text-xl" : "text-sm font-semibold"}>{title}</Title>
      <p className="max-w-md text-sm text-ink-muted">{children}</p>
      {action ? <div className="mt-4">{action}</div> : null}
    </div>
  );
}
