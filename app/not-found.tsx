import Link from "next/link";
import { Page } from "#components/shell/page.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

export default function NotFound() {
  return (
    <Page>
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        title="There is nothing at this address"
        action={
          <Button asChild>
            <Link href="/">Go to the fleet</Link>
          </Button>
        }
      >
        The machine or run may have been removed, the link may be incomplete, or it may not be for your role.
      </EmptyState>
    </Page>
  );
}
