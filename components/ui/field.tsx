import { type ComponentProps, type ReactNode, useId } from "react";
import { joinClasses } from "#components/ui/join-classes.ts";

const BOX =
  "w-full rounded-md border border-line-strong/60 bg-surface px-3 text-sm text-ink placeholder:text-ink-faint hover:border-line-strong aria-invalid:border-alarm-1 disabled:opacity-55";

type Wiring = { readonly id: string; readonly "aria-describedby"?: string; readonly "aria-invalid"?: true };

interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** What is wrong and what to do; replaces the hint. */
  readonly error?: ReactNode;
  readonly isLabelHidden?: boolean;
  readonly className?: string;
  readonly children: (wiring: Wiring) => ReactNode;
}

/** A labelled control; hint and error are tied to it for a reader. */
export function Field({ label, hint, error, isLabelHidden = false, className, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  const wiring: Wiring = {
    id,
    ...(note ? { "aria-describedby": `${id}-note` } : {}),
    ...(error ? { "aria-invalid": true as const } : {}),
  };
  return (
    <div className={joinClasses("grid gap-1", className)}>
      <label htmlFor={id} className={isLabelHidden ? "sr-only" : "text-xs font-medium text-ink-muted"}>
        {label}
      </label>
      {children(wiring)}
      {note ? (
        <p id={`${id}-note`} className={joinClasses("text-xs", error ? "text-alarm-1" : "text-ink-faint")}>
          {note}
        </p>
      ) : null}
    </div>
  );
}

export function TextInput({ className, ...rest }: ComponentProps<"input">) {
  return <input {...rest} className={joinClasses(BOX, "h-9", className)} />;
}

export function TextArea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea rows={3} {...rest} className={joinClasses(BOX, "min-h-20 py-2", className)} />;
}

/** The platform's own select: keyboard, screen reader and phone wheel for nothing. */
export function Select({ className, children, ...rest }: ComponentProps<"select">) {
  return (
    <select {...rest} className={joinClasses(BOX, "h-9 pr-8", className)}>
      {children}
    </select>
  );
}
