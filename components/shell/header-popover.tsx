import { type ReactNode, useId } from "react";
import { joinClasses } from "#components/ui/join-classes.ts";

interface HeaderPopoverProps {
  /** Names the panel for a reader. */
  readonly label: string;
  /** Says what the button tells and opens. */
  readonly buttonLabel: string;
  readonly button: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A button in the header and the panel it opens. The platform's own popover: Escape, a press outside, and focus back. */
export function HeaderPopover({ label, buttonLabel, button, className, children }: HeaderPopoverProps) {
  const id = useId();
  return (
    <>
      <button
        type="button"
        popoverTarget={id}
        aria-label={buttonLabel}
        className="flex h-9 items-center gap-2 rounded-md px-2 text-left text-xs hover:bg-hover"
      >
        {button}
      </button>
      <div
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        className={joinClasses(
          "under-header max-w-[calc(100vw-1rem)] rounded-lg border border-line bg-raised p-4 text-ink shadow-high",
          className,
        )}
      >
        {children}
      </div>
    </>
  );
}
