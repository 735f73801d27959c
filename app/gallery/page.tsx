import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { GalleryScreen } from "#app/gallery/gallery-screen.tsx";
import { serverConfig } from "#lib/supabase/server-client.ts";

export const metadata: Metadata = { title: "Gallery" };
/** What serves it is known only when it is asked for. */
export const dynamic = "force-dynamic";

/** For people who change components: their states side by side, from fixtures. Only where the embedded stack is. */
export default function GalleryPage() {
  if (!serverConfig().isEmbedded) notFound();
  return <GalleryScreen />;
}
