"use client";

import { LogOut, UserRound } from "lucide-react";
import { Popover } from "radix-ui";
import { Button } from "#components/ui/button.tsx";
import { type Person, roleLabel } from "#lib/model/person.ts";

interface PersonMenuProps {
  readonly person: Person;
  readonly onSignOut: () => Promise<void>;
}

/** Who is looking, in which role, and the way out. */
export function PersonMenu({ person, onSignOut }: PersonMenuProps) {
  return (
    <Popover.Root>
      <Popover.Trigger
        className="flex h-9 items-center gap-2 rounded-md px-2 text-left text-xs hover:bg-hover"
        aria-label={`Signed in as ${person.name}, ${roleLabel(person.role)}`}
      >
        <UserRound className="size-4 text-ink-muted" aria-hidden="true" />
        <span className="hidden leading-tight md:block">
          <span className="block max-w-36 truncate font-medium">{person.name}</span>
          <span className="block text-2xs leading-3 text-ink-faint">{roleLabel(person.role)}</span>
        </span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Account"
          className="z-50 w-64 rounded-lg border border-line bg-raised p-4 shadow-high"
        >
          <p className="text-sm font-semibold">{person.name}</p>
          <p className="truncate text-xs text-ink-muted">{person.email}</p>
          <p className="mt-1 text-xs text-ink-faint">{roleLabel(person.role)}</p>
          <form action={onSignOut} className="mt-4">
            <Button type="submit" className="w-full">
              <LogOut className="size-4" aria-hidden="true" />
              Sign out
            </Button>
          </form>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
