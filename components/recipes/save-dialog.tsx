import { ConfirmButton } from "#components/machine/confirm-button.tsx";
import { ProgramDifferences } from "#components/start/program-differences.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Field, TextArea } from "#components/ui/field.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import type { Refusal } from "#lib/result.ts";
import type { ProgramDiff } from "#lib/view/program-diff.ts";

interface SaveDialogProps {
  /** The version that it becomes. */
  readonly version: number;
  /** Against the version that it is written upon; null for a new recipe. */
  readonly diff: ProgramDiff | null;
  readonly note: string;
  readonly isSending: boolean;
  readonly refusal: Refusal | null;
  /** Somebody saved meanwhile: what changed since this one was opened. */
  readonly overtaken: { readonly version: number; readonly diff: ProgramDiff | null } | null;
  readonly onNote: (note: string) => void;
  readonly onClose: () => void;
  readonly onSave: () => void;
  /** Goes on upon the newer version; nothing typed is lost. */
  readonly onFollow: () => void;
}

/** The last look at what a version changes, and the press that saves it. */
export function SaveDialog(props: SaveDialogProps) {
  const { version, diff, note, isSending, refusal, overtaken } = props;
  const isSame = diff?.isSame ?? false;
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => isOpen || props.onClose()}
      title={version === 1 ? "Save the new recipe?" : `Save as version ${version}?`}
      description="Runs keep the program that they froze when they began, those that play now too. The next start plays this one."
      footer={
        <>
          <Button size="lg" onClick={props.onClose}>
            Go on writing
          </Button>
          {overtaken === null && !isSame ? (
            <ConfirmButton variant="primary" isSending={isSending} onConfirm={props.onSave}>
              Save version {version}
            </ConfirmButton>
          ) : null}
        </>
      }
    >
      <div className="grid gap-4">
        {refusal ? <RefusalBanner message={refusal.message} hint={refusal.hint} code={refusal.code} /> : null}
        {overtaken === null ? (
          <>
            <Changes label={`What version ${version} changes`} diff={diff} />
            <Field label="Note (optional)" hint="Why it changes; shown beside the version.">
              {(wiring) => (
                <TextArea
                  {...wiring}
                  dir="auto"
                  rows={2}
                  maxLength={500}
                  value={note}
                  onChange={({ target }) => props.onNote(target.value)}
                />
              )}
            </Field>
          </>
        ) : (
          <>
            <Changes label={`What version ${overtaken.version} changed meanwhile`} diff={overtaken.diff} />
            <Button className="w-fit" onClick={props.onFollow}>
              I have seen it; mine follows version {overtaken.version}
            </Button>
          </>
        )}
      </div>
    </Dialog>
  );
}

function Changes({ label, diff }: { readonly label: string; readonly diff: ProgramDiff | null }) {
  if (diff === null) return null;
  return (
    <section aria-label={label} className="overflow-hidden rounded-md border border-line">
      <h3 className="border-b border-line bg-sunken px-4 py-2 text-xs font-medium">{label}</h3>
      {diff.isSame ? (
        <p className="px-4 py-3 text-sm text-ink-muted">Nothing: the same program, step for step.</p>
      ) : (
        <ProgramDifferences diff={diff} />
      )}
    </section>
  );
}
