import { Download, FileText } from "lucide-react";
import Link from "next/link";
import { Button } from "#components/ui/button.tsx";

/** A run for paper, and its steps as files. */
export function ExportLinks({ runId }: { readonly runId: string }) {
  return (
    <>
      <Button asChild size="sm">
        <Link href={`/runs/${runId}/report`} prefetch={false}>
          <FileText className="size-3.5" aria-hidden="true" />
          Report
        </Link>
      </Button>
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
