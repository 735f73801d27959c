import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { joinClasses } from "#components/ui/join-classes.ts";
import { Shape } from "#components/ui/shape.tsx";

interface RefusalBannerProps {
  /** What did not happen; why, with the fact. */
  readonly message: string;
  /** What to do. */
  readonly hint?: string | null;
  /** The word support asks for, e.g. `machine_not_idle`. */
  readonly code?: string;
  /** The way on, where there is one to press. */
  readonly action?: ReactNode;
  /** A refusal leaves only by hand. Left out where the page itself is the answer. */
  readonly onDismiss?: () => void;
}

/** A refusal, said where the button is; stays until a person dismisses it. */
export function RefusalBanner({ message, hint, code, action, onDismiss }: RefusalBannerProps) {
  return (
    <div
      role="alert"
      className="flex items-start gap-3 rounded-md border border-alarm-2/50 bg-alarm-2-soft px-3 py-2.5 text-sm"
    >
      <Shape name="triangle" className="mt-1 size-3 text-alarm-2" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold [overflow-wrap:anywhere]">{message}</p>
        {hint ? <p className="text-ink-muted">{hint}</p> : null}
        {code ? <p className="font-mono text-2xs text-ink-faint">{code}</p> : null}
        {action ? <div className="mt-2">{action}</div> : null}
      </div>
      {onDismiss ? (
        <Button variant="ghost" size="icon" aria-label="Dismiss" onClick={onDismiss} className="-my-2 -mr-2">
          <X className="size-4" aria-hidden="true" />
        </Button>
      ) : null}
    </div>
  );
}

interface NoticeProps {
  /** `stale`: what is below is the last received, not the present. */
  readonly kind: "plain" | "stale";
  readonly children: ReactNode;
  /** Controls, or figures that change too often to be read out. */
  readonly aside?: ReactNode;
}

/** One line about the whole page: not an alarm, never over a control. */
export function Notice({ kind, children, aside }: NoticeProps) {
  return (
    <div
      className={joinClasses(
        "flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md border px-3 py-2 text-sm",
        kind === "stale" ? "hatched border-line-strong text-ink" : "border-line bg-sunken text-ink-muted",
      )}
    >
      <div role="status" className="min-w-0 flex-1 basis-64">
        {children}
      </div>
      {aside}
    </div>
  );
}
