import type { Metadata } from "next";
import { NotThere } from "#app/not-there.tsx";

export const metadata: Metadata = { title: "No such machine" };

export default function NoSuchMachine() {
  return (
    <NotThere title="There is no such machine" way={{ href: "/", name: "Go to the fleet" }}>
      No machine that you may see has the id in this address. The link may be incomplete, or the machine was
      removed.
    </NotThere>
  );
}
