import { joinClasses } from "#components/ui/join-classes.ts";

/** The place something will take, so nothing jumps when it comes. Still: waiting is not motion. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden="true" className={joinClasses("rounded-md bg-track/70", className)} />;
}

/** A whole page on its way; says so to a reader. */
export function PageSkeleton({ label }: { readonly label: string }) {
  return (
    <div role="status" className="grid gap-4">
      <span className="sr-only">{label}</span>
      <Skeleton className="h-8 w-56" />
      <Skeleton className="h-24" />
      <Skeleton className="h-80" />
    </div>
  );
}
