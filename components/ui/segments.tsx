import { joinClasses } from "#components/ui/join-classes.ts";

interface SegmentsProps<Value extends string> {
  /** What is chosen; said to a reader, and shown where `isLabelShown`. */
  readonly label: string;
  readonly isLabelShown?: boolean;
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly name: string }[];
  readonly onChange: (value: Value) => void;
}

/** One of a few views of the same thing, all of them in sight. */
export function Segments<Value extends string>({
  label,
  isLabelShown = false,
  value,
  choices,
  onChange,
}: SegmentsProps<Value>) {
  return (
    <fieldset className="flex items-center gap-2 text-xs text-ink-muted">
      <legend className="sr-only">{label}</legend>
      {isLabelShown ? <span aria-hidden="true">{label}</span> : null}
      <span className="flex rounded-md border border-line-strong/60">
        {choices.map((choice) => (
          <button
            key={choice.value}
            type="button"
            aria-pressed={choice.value === value}
            onClick={() => onChange(choice.value)}
            className={joinClasses(
              "h-7 px-2.5 first:rounded-l-[0.3rem] last:rounded-r-[0.3rem] not-first:border-l not-first:border-line-strong/60",
              choice.value === value ? "bg-accent-soft font-semibold text-accent" : "hover:bg-hover",
            )}
          >
            {choice.name}
          </button>
        ))}
      </span>
    </fieldset>
  );
}
