"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
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
export function Dialog({ isOpen, onOpenChange, title, description, children, footer }: DialogProps) {
  return (
    <Radix.Root open={isOpen} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Radix.Content className="fixed inset-x-0 bottom-0 z-50 max-h-[92dvh] overflow-y-auto rounded-t-xl border border-line bg-raised p-5 shadow-high outline-none sm:inset-x-auto sm:bottom-auto sm:left-1/2 sm:top-1/2 sm:w-[30rem] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-xl">
          <Radix.Title className="pr-10 text-lg font-semibold tracking-tight">{title}</Radix.Title>
          <Radix.Description asChild>
            <div className="mt-1.5 text-sm text-ink-muted">{description}</div>
          </Radix.Description>
          {children ? <div className="mt-4">{children}</div> : null}
          <div className="mt-6 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end">{footer}</div>
          <Radix.Close asChild>
            <Button variant="ghost" size="icon" aria-label="Close" className="absolute right-3 top-3">
              <X className="size-4" aria-hidden="true" />
            </Button>
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
