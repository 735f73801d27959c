import { LogOut, UserRound } from "lucide-react";
import { HeaderPopover } from "#components/shell/header-popover.tsx";
import { Button } from "#components/ui/button.tsx";
import { type Person, roleLabel } from "#lib/model/person.ts";

interface PersonMenuProps {
  readonly person: Person;
  readonly onSignOut: () => Promise<void>;
  /** The person has pressed it; the answer is still out. */
  readonly onLeaving: () => void;
}

/** Who is looking, in which role, and the way out. */
export function PersonMenu({ person, onSignOut, onLeaving }: PersonMenuProps) {
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
      <form action={onSignOut} onSubmit={onLeaving} className="mt-4">
        <Button type="submit" className="w-full">
          <LogOut className="size-4" aria-hidden="true" />
          Sign out
        </Button>
      </form>
    </HeaderPopover>
  );
}
