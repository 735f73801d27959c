import { LogOut, MonitorPlay, UserRound } from "lucide-react";
import Link from "next/link";
import { HeaderPopover } from "#components/shell/header-popover.tsx";
import { Button } from "#components/ui/button.tsx";
import { type Person, roleLabel } from "#lib/model/person.ts";

interface PersonMenuProps {
  readonly person: Person;
  /** This page as a wall display; null where there is none. */
  readonly kioskHref: string | null;
  readonly onSignOut: () => Promise<void>;
  /** The person has pressed it; the answer is still out. */
  readonly onLeaving: () => void;
}

/** Who is looking, in which role, and the way out. */
export function PersonMenu({ person, kioskHref, onSignOut, onLeaving }: PersonMenuProps) {
  return (
    <HeaderPopover
      label="Account"
      buttonLabel={`Signed in as ${person.name}, ${roleLabel(person.role)}`}
      className="w-64"
      button={
        <>
          <UserRound className="size-4 text-ink-muted" aria-hidden="true" />
          <span className="hidden leading-tight md:block">
            <span className="block max-w-36 truncate font-medium">{person.name}</span>
            <span className="block text-2xs leading-3 text-ink-faint">{roleLabel(person.role)}</span>
          </span>
        </>
      }
    >
      <p className="text-sm font-semibold">{person.name}</p>
      <p className="truncate text-xs text-ink-muted">{person.email}</p>
      <p className="mt-1 text-xs text-ink-faint">{roleLabel(person.role)}</p>
      {kioskHref === null ? null : (
        <Button asChild className="mt-4 w-full">
          <Link href={kioskHref}>
            <MonitorPlay className="size-4" aria-hidden="true" />
            Wall display
          </Link>
        </Button>
      )}
      <form action={onSignOut} onSubmit={onLeaving} className="mt-2">
        <Button type="submit" className="w-full">
          <LogOut className="size-4" aria-hidden="true" />
          Sign out
        </Button>
      </form>
    </HeaderPopover>
  );
}
