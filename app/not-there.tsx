import Link from "next/link";
import type { ReactNode } from "react";
import { Page } from "#components/shell/page.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

interface NotThereProps {
  /** What was not found, as a sentence without its end. */
  readonly title: string;
  readonly way: { readonly href: string; readonly name: string };
  /** Why that may be. */
  readonly children: ReactNode;
}

/** An address that leads to nothing: what is missing, why, and where to go instead. */
export function NotThere({ title, way, children }: NotThereProps) {
  return (
    <Page>
      <EmptyState
        isPage
        title={title}
        action={
          <Button asChild>
            <Link href={way.href}>{way.name}</Link>
          </Button>
        }
      >
        {children}
      </EmptyState>
    </Page>
  );
}
