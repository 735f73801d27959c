import { Page } from "#components/shell/page.tsx";
import { Button } from "#components/ui/button.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";

interface CannotDrawProps {
  /** Finds the fault in the server's log. */
  readonly digest: string | undefined;
  readonly onRetry: () => void;
}

/** A fault of ours: what it means for the machines, and the way on. */
export function CannotDraw({ digest, onRetry }: CannotDrawProps) {
  return (
    <Page>
      <h1 className="text-xl">This page could not be drawn</h1>
      <RefusalBanner
        message="The page stopped because of a fault in Pulseboard itself."
        hint="Runs are not affected: machines are driven by their controllers, not by this screen. Draw it again; if it fails again, give support the code below."
        {...(digest ? { code: digest } : {})}
      />
      <div>
        <Button onClick={onRetry}>Draw it again</Button>
      </div>
    </Page>
  );
}
