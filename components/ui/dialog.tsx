import { X } from "lucide-react";
import { type MouseEvent, type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { Button } from "#components/ui/button.tsx";

interface DialogProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly title: string;
  /** The consequence in a sentence; read out with the title. */
  readonly description: ReactNode;
  readonly children?: ReactNode;
  /** Buttons, the safe one first. */
  readonly footer: ReactNode;
}

/** A question over the page: a sheet from below on a phone, a card in the middle elsewhere. Escape and outside answer no. */
export function Dialog({ isOpen, ...rest }: DialogProps) {
  return isOpen ? <OpenDialog {...rest} /> : null;
}

/** The browser's own modal dialog: it keeps the focus in, gives it back, and hides the rest of the page from everybody. */
function OpenDialog({ onOpenChange, title, description, children, footer }: Omit<DialogProps, "isOpen">) {
  const element = useRef<HTMLDialogElement>(null);
  /** Text selected with the mouse may be let go of outside; only a press that began there is one on the page. */
  const wasPressedOutside = useRef(false);
  const id = useId();

  useLayoutEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    // Closed before it is taken away: only then does the browser give the focus back.
    return () => dialog?.close();
  }, []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard's way out is Escape, which the browser tells by onCancel.
    <dialog
      ref={element}
      aria-labelledby={`${id}title`}
      aria-describedby={`${id}description`}
      onCancel={(event) => {
        event.preventDefault();
        onOpenChange(false);
      }}
      // A browser may close it without asking, after Escape pressed twice.
      onClose={(event) => event.currentTarget.open || onOpenChange(false)}
      onPointerDown={(event) => {
        wasPressedOutside.current = isOutside(event);
      }}
      onClick={(event) => wasPressedOutside.current && isOutside(event) && onOpenChange(false)}
      className="fixed inset-x-0 bottom-0 top-auto m-0 max-h-[92dvh] w-full max-w-none overflow-y-auto overscroll-contain rounded-t-xl border border-line bg-raised p-0 text-ink shadow-high outline-none backdrop:bg-black/40 sm:inset-auto sm:left-1/2 sm:top-1/2 sm:w-[30rem] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-xl"
    >
      <div className="relative p-5">
        <h2 id={`${id}title`} className="pr-12 text-lg font-semibold tracking-tight [overflow-wrap:anywhere]">
          {title}
        </h2>
        <div id={`${id}description`} className="mt-1.5 text-sm text-ink-muted [overflow-wrap:anywhere]">
          {description}
        </div>
        {children ? <div className="mt-4">{children}</div> : null}
        <div className="mt-6 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">{footer}</div>
        <Button
          variant="ghost"
          size="icon"
          aria-label="Close"
          className="absolute right-2 top-2"
          onClick={() => onOpenChange(false)}
        >
          <X className="size-4" aria-hidden="true" />
        </Button>
      </div>
    </dialog>
  );
}

/** On the page behind the dialog, which counts as the dialog for the browser. */
function isOutside({ target, currentTarget, clientX, clientY }: MouseEvent<HTMLDialogElement>): boolean {
  if (target !== currentTarget) return false;
  const { left, right, top, bottom } = currentTarget.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
