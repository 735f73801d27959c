import { X } from "lucide-react";
import { useState } from "react";
import type { SeenMachine } from "#app/machines/[id]/use-live-machine.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import type { EpochMs } from "#lib/time.ts";
import { missedText, type Shown } from "#lib/view/missed.ts";

/** From the moment what is shown was the past: what it was, and once the page knows the present again, what had been missed. */
type Absence = { before: Shown; text: string | null };

/** Says, when a page knows the present again, what happened while it did not; stays until somebody has read it. */
export function MissedNotice({ seen }: { readonly seen: SeenMachine }) {
  const { live, now, news, isBehind } = seen;
  const [hasBeenLive, setHasBeenLive] = useState(false);
  const [absence, setAbsence] = useState<Absence | null>(null);

  if (live.feed.state === "live" && !hasBeenLive) setHasBeenLive(true);

  // Away again before the last absence was read: one stretch of time, one sentence.
  if (isBehind && hasBeenLive && absence?.text !== null) {
    setAbsence({ before: absence?.before ?? shown(seen, news.knownAt), text: null });
  } else if (!isBehind && absence?.text === null) {
    setAbsence({ ...absence, text: missedText(absence.before, shown(seen, now)) });
  }

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

function shown({ live: { data } }: SeenMachine, at: EpochMs): Shown {
  return { at, status: data.machine.status, run: data.run };
}
