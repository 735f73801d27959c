import Link from "next/link";
import type { ReactNode } from "react";

interface PageHeadingProps {
  readonly title: ReactNode;
  /** The way here, e.g. Runs. */
  readonly trail?: readonly { readonly href: string; readonly name: string }[];
  readonly note?: ReactNode;
  /** Status word, badges: beside the title. */
  readonly status?: ReactNode;
  /** Controls at the far end. */
  readonly aside?: ReactNode;
}

export function PageHeading({ title, trail = [], note, status, aside }: PageHeadingProps) {
  return (
    <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
      <div className="min-w-0">
        {trail.length > 0 ? (
          <nav aria-label="Breadcrumb" className="text-xs text-ink-faint">
            <ol className="flex gap-1.5">
              {trail.map((place) => (
                <li key={place.href} className="not-last:after:pl-1.5 not-last:after:content-['/']">
                  <Link href={place.href} className="link text-ink-muted">
                    {place.name}
                  </Link>
                </li>
              ))}
            </ol>
          </nav>
        ) : null}
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <h1 className="line-clamp-3 text-xl [overflow-wrap:anywhere]">
            <bdi>{title}</bdi>
          </h1>
          {status}
        </div>
        {note ? (
          <div className="line-clamp-3 text-sm text-ink-muted [overflow-wrap:anywhere]">{note}</div>
        ) : null}
      </div>
      {aside ? <div className="ml-auto flex flex-wrap items-center gap-2">{aside}</div> : null}
    </div>
  );
}
