import { Download } from "lucide-react";
import { Button } from "#components/ui/button.tsx";

/** The steps of a run as files. */
export function ExportLinks({ runId }: { readonly runId: string }) {
  return (
    <>
      <Button asChild size="sm">
        <a href={`/runs/${runId}/export/steps.csv`} download>
          <Download className="size-3.5" aria-hidden="true" />
          Steps, CSV
        </a>
      </Button>
      <Button asChild size="sm">
        <a href={`/runs/${runId}/export/trace.json`} download>
          <Download className="size-3.5" aria-hidden="true" />
          Trace for Perfetto
        </a>
      </Button>
    </>
  );
}
