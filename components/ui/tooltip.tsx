"use client";

import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";

export const TooltipProvider = Radix.Provider;

interface TooltipProps {
  readonly content: ReactNode;
  readonly side?: "top" | "bottom" | "left" | "right";
  /** One element that can take focus. */
  readonly children: ReactNode;
}

/** Extra words on hover and focus; nothing that is needed may live only here. */
export function Tooltip({ content, side = "bottom", children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-w-80 rounded-md border border-line bg-raised px-3 py-2 text-xs text-ink shadow-high"
        >
          {content}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
