import { Field, Select, TextInput } from "#components/ui/field.tsx";
import { type DraftField, type NoteDraft, type PlaceKind, placeKinds } from "#lib/view/note-draft.ts";

interface NotePlaceFieldsProps {
  readonly draft: NoteDraft;
  readonly onDraft: (draft: NoteDraft) => void;
  readonly wrong: { readonly field: DraftField; readonly message: string } | null;
}

const KINDS: Readonly<Record<PlaceKind, string>> = {
  run: "The whole run",
  step: "A step",
  steps: "A range of steps",
  moment: "A moment",
  stretch: "A stretch of time",
};

type PlaceField = { readonly name: Exclude<DraftField, "body">; readonly label: string };

const FIELDS: Readonly<Record<PlaceKind, readonly PlaceField[]>> = {
  run: [],
  step: [{ name: "seq", label: "Step" }],
  steps: [
    { name: "seq", label: "First step" },
    { name: "untilSeq", label: "Last step" },
  ],
  moment: [{ name: "from", label: "Time from the first step" }],
  stretch: [
    { name: "from", label: "From, after the first step" },
    { name: "until", label: "To, after the first step" },
  ],
};

/** What a note is about: the run, or the part of it that the fields name. */
export function NotePlaceFields({ draft, onDraft, wrong }: NotePlaceFieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label="About" className="sm:col-span-2">
        {(wiring) => (
          <Select
            {...wiring}
            value={draft.kind}
            onChange={({ target }) => {
              const kind = placeKinds.find((known) => known === target.value);
              if (kind) onDraft({ ...draft, kind });
            }}
          >
            {placeKinds.map((kind) => (
              <option key={kind} value={kind}>
                {KINDS[kind]}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {FIELDS[draft.kind].map(({ name, label }) => (
        <Field key={name} label={label} {...(wrong?.field === name ? { error: wrong.message } : {})}>
          {(wiring) => (
            <TextInput
              {...wiring}
              inputMode={name === "seq" || name === "untilSeq" ? "numeric" : "text"}
              value={draft[name]}
              onChange={({ target }) => onDraft({ ...draft, [name]: target.value })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
