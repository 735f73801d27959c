import { Eye } from "lucide-react";

interface WatcherListProps {
  readonly watchers: readonly { readonly personId: string; readonly name: string }[];
}

const NAMED = 3;

/** Who else is looking; nothing when nobody is. */
export function WatcherList({ watchers }: WatcherListProps) {
  if (watchers.length === 0) return null;
  const names = watchers.map(({ name }) => name);
  const shown = names.slice(0, NAMED).join(", ");
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
  return (
    <p className="flex min-w-0 items-center gap-1.5 text-sm text-ink-muted" title={names.join(", ")}>
      <Eye aria-hidden="true" className="size-4 shrink-0" />
      <span className="truncate">
        Also watching: {shown}
        {more}
      </span>
    </p>
  );
}
