import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import "#app/globals.css";
import { Frame } from "#app/frame.tsx";
import { Providers } from "#app/providers.tsx";
import { ZONE_COOKIE, zoneOfCookie } from "#app/zone-cookie.ts";
import { SkipLink } from "#components/shell/page.tsx";
import { publicPart } from "#lib/supabase/config.ts";
import { serverConfig } from "#lib/supabase/server-client.ts";
import { epochMs } from "#lib/time.ts";

export const metadata: Metadata = {
  title: { default: "Pulseboard", template: "%s · Pulseboard" },
  description: "The live window on ALD machines.",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fdfdfe" },
    { media: "(prefers-color-scheme: dark)", color: "#17191d" },
  ],
};

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? "";
  const zone = zoneOfCookie((await cookies()).get(ZONE_COOKIE)?.value);

  return (
    <html lang="en" suppressHydrationWarning>
      <body className="min-h-dvh">
        <Providers
          config={publicPart(serverConfig())}
          drawnAt={epochMs(Date.now())}
          nonce={nonce}
          zone={zone}
        >
          <SkipLink />
          <Frame>{children}</Frame>
        </Providers>
      </body>
    </html>
  );
}
