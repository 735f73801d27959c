import type { Metadata } from "next";
import { NotThere } from "#app/not-there.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <NotThere title="There is no page at this address" way={{ href: "/", name: "Go to the fleet" }}>
      The link may be incomplete or old.
    </NotThere>
  );
}
