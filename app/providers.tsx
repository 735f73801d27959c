"use client";

import { ThemeProvider } from "next-themes";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { RuntimeConfigProvider } from "#app/runtime-config.tsx";
import { ServerClockProvider } from "#app/server-clock.tsx";
import { ShellStateProvider } from "#app/shell-state.tsx";
import { ZoneProvider } from "#app/zone.tsx";
import type { PublicConfig } from "#lib/supabase/config.ts";
import type { EpochMs } from "#lib/time.ts";

interface ProvidersProps {
  readonly config: PublicConfig;
  readonly drawnAt: EpochMs;
  readonly nonce: string;
  /** The time zone this person chose. */
  readonly zone: string | null;
  readonly children: ReactNode;
}

export function Providers({ config, drawnAt, nonce, zone, children }: ProvidersProps) {
  return (
    <ThemeProvider
      attribute="data-theme"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      nonce={nonce}
    >
      <RuntimeConfigProvider config={config}>
        <NuqsAdapter>
          <ServerClockProvider drawnAt={drawnAt}>
            <ZoneProvider initial={zone}>
              <ShellStateProvider>{children}</ShellStateProvider>
            </ZoneProvider>
          </ServerClockProvider>
        </NuqsAdapter>
      </RuntimeConfigProvider>
    </ThemeProvider>
  );
}
