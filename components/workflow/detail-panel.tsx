import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";

interface DetailPanelProps {
  readonly title: string;
  /** Where it belongs. */
  readonly note: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** What was chosen in the tree: beside it where there is room, over the foot of the page on a phone. */
export function DetailPanel({ title, note, onClose, children }: DetailPanelProps) {
  return (
    <section
      aria-labelledby="chosen"
      className="fixed inset-x-0 bottom-0 z-20 max-h-[70dvh] overflow-y-auto rounded-t-xl border border-line bg-raised shadow-high lg:sticky lg:inset-auto lg:top-16 lg:max-h-[calc(100dvh-5rem)] lg:rounded-lg lg:bg-surface lg:shadow-low"
    >
      <header className="sticky top-0 flex items-start gap-3 border-b border-line bg-inherit px-4 py-2">
        <div className="min-w-0 flex-1">
          <h2 id="chosen" className="text-sm">
            {title}
          </h2>
          <p className="truncate text-xs text-ink-muted">{note}</p>
        </div>
        <Button variant="ghost" size="icon" aria-label="Close" onClick={onClose} className="-my-1 -mr-3">
          <X className="size-4" aria-hidden="true" />
        </Button>
      </header>
      <div className="grid gap-4 p-4">{children}</div>
    </section>
  );
}
