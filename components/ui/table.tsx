import type { ComponentProps, ReactNode } from "react";
import { joinClasses } from "#components/ui/join-classes.ts";

interface TableProps extends ComponentProps<"table"> {
  /** Names the table for a reader. */
  readonly caption: string;
  readonly isCaptionHidden?: boolean;
  readonly children: ReactNode;
}

/** A table that scrolls sideways inside itself, never the page; the scroller takes focus so a keyboard can move it. */
export function Table({ caption, isCaptionHidden = true, className, children, ...rest }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller without focus cannot be scrolled by keyboard
    <section className="overflow-x-auto" aria-label={caption} tabIndex={0}>
      <table {...rest} className={joinClasses("w-full border-collapse text-left text-sm", className)}>
        <caption className={isCaptionHidden ? "sr-only" : "px-3 py-2 text-left text-xs text-ink-faint"}>
          {caption}
        </caption>
        {children}
      </table>
    </section>
  );
}

interface CellProps extends ComponentProps<"td"> {
  readonly isNumeric?: boolean;
}

export function Th({
  isNumeric = false,
  className,
  ...rest
}: ComponentProps<"th"> & { readonly isNumeric?: boolean }) {
  return (
    <th
      scope="col"
      {...rest}
      className={joinClasses(
        "h-9 whitespace-nowrap border-b border-line bg-sunken px-3 text-xs font-medium text-ink-muted first:pl-4 last:pr-4",
        isNumeric && "text-right",
        className,
      )}
    />
  );
}

export function Td({ isNumeric = false, className, ...rest }: CellProps) {
  return (
    <td
      {...rest}
      className={joinClasses(
        "h-10 border-b border-line px-3 first:pl-4 last:pr-4",
        // Of two words on one subject the stylesheet's order would decide, not the cell.
        !className?.includes("whitespace-") && "whitespace-nowrap",
        isNumeric && "text-right tabular-nums",
        className,
      )}
    />
  );
}

/** A row that lifts under the pointer. */
export function Tr({ className, ...rest }: ComponentProps<"tr">) {
  return <tr {...rest} className={joinClasses("hover:bg-hover/60", className)} />;
}
