"use client";

import { type ReactNode, useEffect, useState } from "react";
import { Button } from "#components/ui/button.tsx";

/** A second press sooner than this after the question appeared is a slip of the first one (trust rule T17). */
const DEAD_TIME_MS = 400;

interface ConfirmButtonProps {
  readonly variant: "primary" | "stop";
  readonly isSending: boolean;
  readonly isBlocked?: boolean;
  readonly onConfirm: () => void;
  readonly children: ReactNode;
}

/** The press that sends. It takes none in its first 400 ms, so a double tap on the button before it cannot be both. */
export function ConfirmButton({
  variant,
  isSending,
  isBlocked = false,
  onConfirm,
  children,
}: ConfirmButtonProps) {
  const [isArmed, arm] = useState(false);

  useEffect(() => {
    const timer = setTimeout(() => arm(true), DEAD_TIME_MS);
    return () => clearTimeout(timer);
  }, []);

  return (
    <Button
      variant={variant}
      size="lg"
      aria-disabled={!isArmed || isBlocked || undefined}
      isPending={isSending}
      onClick={() => {
        if (isArmed && !isBlocked) onConfirm();
      }}
      className="w-full aria-disabled:cursor-not-allowed aria-disabled:opacity-55 sm:w-auto"
    >
      {isSending ? "Sending…" : children}
    </Button>
  );
}
