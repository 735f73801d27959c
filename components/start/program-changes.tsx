import type { StepChange } from "#lib/view/program-diff.ts";
import type { FieldChange } from "#lib/view/program-fields.ts";

interface ProgramChangesProps {
  readonly settings: readonly FieldChange[];
  readonly steps: readonly StepChange[];
}

/** What differs between two programs, line by line. */
export function ProgramChanges({ settings, steps }: ProgramChangesProps) {
  return (
    <ul
      aria-label="What differs"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller without focus cannot be scrolled by keyboard
      tabIndex={0}
      className="max-h-72 overflow-y-auto py-2 text-sm"
    >
      {settings.map((field) => (
        <Row
          key={field.label}
          place=""
          kind="setting"
          name={field.label}
          fields={[{ ...field, label: "" }]}
        />
      ))}
      {steps.map((step) => (
        <Row
          key={`${step.kind} ${step.path}`}
          place={step.path}
          kind={kindText(step)}
          name={step.name}
          detail={step.fields.length === 0 ? step.detail : null}
          fields={step.fields}
        />
      ))}
    </ul>
  );
}

const kindText = ({ kind, fromPath }: StepChange): string =>
  kind === "moved" ? `moved from ${fromPath}` : kind === "added" ? "new" : kind;

interface RowProps {
  readonly place: string;
  readonly kind: string;
  readonly name: string;
  readonly detail?: string | null;
  readonly fields: readonly FieldChange[];
}

function Row({ place, kind, name, detail = null, fields }: RowProps) {
  return (
    <li className="grid grid-cols-[2.75rem_minmax(0,1fr)] items-baseline gap-x-2 px-4 py-0.5 sm:grid-cols-[2.75rem_7.5rem_minmax(0,2fr)_minmax(0,3fr)]">
      <span className="text-xs text-ink-faint">{place}</span>
      <span className="text-xs text-ink-muted">{kind}</span>
      <span className="truncate max-sm:col-start-2" dir="auto">
        {name}
      </span>
      <span className="min-w-0 max-sm:col-start-2">
        {fields.map(({ label, from, to }) => (
          <span key={label} className="block break-words">
            {label === "" ? null : <span className="text-ink-muted">{label} </span>}
            <span className="text-ink-muted">{short(from)}</span>
            <span aria-hidden="true"> → </span>
            <span className="sr-only"> becomes </span>
            <span className="font-medium">{short(to)}</span>
          </span>
        ))}
        {detail === null ? null : <span className="text-xs text-ink-muted">{detail}</span>}
      </span>
    </li>
  );
}

/** A name may be of any length; what differs is seen in its beginning or not in this list. */
const short = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);
