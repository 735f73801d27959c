"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useTheme } from "next-themes";
import { useSyncExternalStore } from "react";
import { Button } from "#components/ui/button.tsx";

const NEXT = { system: "light", light: "dark", dark: "system" } as const;
const ICON = { system: Monitor, light: Sun, dark: Moon } as const;

const nothingToUndo = (): void => undefined;
const never = () => nothingToUndo;

/** Turns through system, light and dark. The server cannot know the choice, so it draws "system" until the page runs. */
export function ThemeToggle() {
  const { theme, setTheme } = useTheme();
  const isMounted = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const current = isMounted && (theme === "light" || theme === "dark") ? theme : "system";
  const Icon = ICON[current];

  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={`Theme: ${current}. Change to ${NEXT[current]}`}
      onClick={() => setTheme(NEXT[current])}
    >
      <Icon className="size-4" aria-hidden="true" />
    </Button>
  );
}
