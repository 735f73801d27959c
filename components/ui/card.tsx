import type { ComponentProps, ReactNode } from "react";
import { joinClasses } from "#components/ui/join-classes.ts";

/** A sheet on the canvas. */
export function Card({ className, ...rest }: ComponentProps<"section">) {
  return (
    <section
      {...rest}
      className={joinClasses("rounded-lg border border-line bg-surface shadow-low", className)}
    />
  );
}

interface CardHeaderProps {
  readonly title: ReactNode;
  /** Heading level, so pages keep an order a reader can follow. */
  readonly level?: 2 | 3;
  readonly id?: string;
  readonly note?: ReactNode;
  /** Controls or a badge at the far end. */
  readonly aside?: ReactNode;
}

export function CardHeader({ title, level = 2, id, note, aside }: CardHeaderProps) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2">
      <Heading id={id} className="text-sm">
        {title}
      </Heading>
      {note ? <p className="text-xs text-ink-faint">{note}</p> : null}
      {aside ? <div className="ml-auto flex flex-wrap items-center gap-2">{aside}</div> : null}
    </header>
  );
}

export function CardBody({ className, ...rest }: ComponentProps<"div">) {
  return <div {...rest} className={joinClasses("p-4", className)} />;
}
