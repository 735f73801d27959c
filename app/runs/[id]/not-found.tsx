import type { Metadata } from "next";
import { NotThere } from "#app/not-there.tsx";

export const metadata: Metadata = { title: "No such run" };

export default function NoSuchRun() {
  return (
    <NotThere title="There is no such run" way={{ href: "/runs", name: "Go to the runs" }}>
      No run that you may see has the id in this address. The link may be incomplete, or the run was removed.
    </NotThere>
  );
}
