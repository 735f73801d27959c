import { useQueryStates } from "nuqs";
import { NoteWriter } from "#app/runs/[id]/note-writer.tsx";
import { useNoteWriting } from "#app/runs/[id]/use-note-writing.ts";
import { viewParams } from "#app/runs/[id]/view-params.ts";
import { Button } from "#components/ui/button.tsx";
import { whyNoNote } from "#lib/model/note.ts";
import type { Person } from "#lib/model/person.ts";
import type { LiveRun } from "#lib/model/snapshot.ts";
import { formatCount } from "#lib/view/count.ts";
import { newDraft } from "#lib/view/note-draft.ts";

interface StepNoteProps {
  readonly live: LiveRun;
  readonly person: Person;
  /** The chosen step; null when none is. */
  readonly seq: number | null;
}

/** From the chosen step to a note on it, for those who write notes. */
export function StepNote({ live, person, seq }: StepNoteProps) {
  const [, setView] = useQueryStates(viewParams);
  const writing = useNoteWriting(live.run.id, () => void setView({ tab: "notes" }));
  if (whyNoNote(person) !== null) return null;
  return (
    <>
      <div className="flex min-h-11 items-center border-t border-line px-4 text-xs text-ink-faint">
        {seq === null ? (
          "Choose a step to write a note on it."
        ) : (
          <Button
            size="sm"
            onClick={() => writing.write(newDraft({ step: seq, fromMs: null, toMs: null }, "step"))}
          >
            Note step {formatCount(seq)}
          </Button>
        )}
      </div>
      <NoteWriter writing={writing} notes={[]} begin={live.totals.firstDeviceStartedAt} />
    </>
  );
}
