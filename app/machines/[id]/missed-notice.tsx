import { X } from "lucide-react";
import { useState } from "react";
import type { SeenMachine } from "#app/machines/[id]/use-live-machine.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { type Absence, absenceAfter } from "#lib/view/missed.ts";

/** Says, when a page knows the present again, what happened while it did not; stays until somebody has read it. */
export function MissedNotice({ seen }: { readonly seen: SeenMachine }) {
  const [absence, setAbsence] = useState<Absence | null>(null);
  const { machine, run } = seen.live.data;
  const at = seen.isBehind ? seen.news.knownAt : seen.now;
  const next = absenceAfter(absence, { at, status: machine.status, run }, seen.isBehind);
  if (next !== absence) setAbsence(next);

  if (!absence?.text) return null;
  return (
    <Notice
      kind="plain"
      aside={
        <Button variant="ghost" size="icon" aria-label="Dismiss" onClick={() => setAbsence(null)}>
          <X className="size-4" aria-hidden="true" />
        </Button>
      }
    >
      {absence.text}
    </Notice>
  );
}
