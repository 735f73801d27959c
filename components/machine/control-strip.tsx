import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { joinClasses } from "#components/ui/join-classes.ts";
import { MachineStatusWord } from "#components/ui/status-word.tsx";
import type { MachineStatus } from "#lib/model/machine.ts";

/** A way to change the machine: a press, or a link to the page where it is prepared. */
export type Control = {
  readonly label: string;
  /** Why it is not available now; null when it is. */
  readonly whyNot: string | null;
} & ({ readonly onPress: () => void } | { readonly href: string });

interface ControlStripProps {
  readonly status: MachineStatus;
  readonly isStale: boolean;
  /** Since when, and what it is about: one line beside the word. */
  readonly note: ReactNode;
  /** Null on pages that only watch. */
  readonly start: Control | null;
  /** Null on a wall display, which nobody presses; there alone. */
  readonly stop: Control | null;
  /** Clear or reconcile, in the states that need a person. */
  readonly mend: Control | null;
}

/**
 * The state in a word and the ways to change it. It stays in reach: below the header on a wide screen, at the thumb on
 * a phone. A control that is not available is still shown, and says why.
 */
export function ControlStrip({ status, isStale, note, start, stop, mend }: ControlStripProps) {
  const reasons = groupReasons([start, mend, stop].filter((control) => control !== null));
  return (
    <section
      aria-label="Control"
      className="z-20 rounded-lg border border-line bg-surface shadow-low sm:sticky sm:top-[6.125rem] min-[88rem]:top-[3.75rem]"
    >
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3 px-4 py-3">
        <div className="min-w-0 flex-1 basis-64">
          <MachineStatusWord status={status} size="xl" isStale={isStale} label="Machine status" />
          <div className="text-xs text-ink-muted">{note}</div>
        </div>
        {stop === null ? null : (
          <div className="grid justify-items-stretch gap-1.5 max-sm:fixed max-sm:inset-x-0 max-sm:bottom-0 max-sm:z-30 max-sm:border-t max-sm:border-line max-sm:bg-surface max-sm:p-3 max-sm:pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:justify-items-end">
            <div className="flex gap-3 max-sm:flex-wrap max-sm:*:flex-1">
              {start ? (
                <ControlButton control={start} variant={start.whyNot === null ? "primary" : "secondary"} />
              ) : null}
              {mend ? <ControlButton control={mend} variant="secondary" /> : null}
              <ControlButton control={stop} variant="stop" />
            </div>
            {reasons.map((reason) => (
              <p
                key={reason.text}
                id={reasonId(reason.text)}
                className="text-xs text-ink-muted sm:text-right"
              >
                {reason.labels.join(", ")}: {reason.text}
              </p>
            ))}
          </div>
        )}
      </div>
    </section>
  );
}

interface ControlButtonProps {
  readonly control: Control;
  readonly variant: "primary" | "secondary" | "stop";
}

function ControlButton({ control, variant }: ControlButtonProps) {
  const { label, whyNot } = control;
  if ("href" in control && whyNot === null) {
    return (
      <Button variant={variant} size="lg" asChild className="min-w-28">
        <Link href={control.href}>{label}</Link>
      </Button>
    );
  }
  return (
    <Button
      variant={variant}
      size="lg"
      disabled={whyNot !== null}
      {...("onPress" in control ? { onClick: control.onPress } : {})}
      className={joinClasses("min-w-28", variant === "stop" && "min-w-32")}
      {...(whyNot ? { "aria-describedby": reasonId(whyNot) } : {})}
    >
      {label}
    </Button>
  );
}

/** Controls that share a reason say it once. */
function groupReasons(controls: readonly Control[]): readonly { text: string; labels: string[] }[] {
  const byText = new Map<string, string[]>();
  for (const { label, whyNot } of controls) {
    if (whyNot !== null) byText.set(whyNot, [...(byText.get(whyNot) ?? []), label]);
  }
  return [...byText].map(([text, labels]) => ({ text, labels }));
}

const reasonId = (text: string): string => `why-${text.replace(/\W+/g, "-").toLowerCase()}`;
