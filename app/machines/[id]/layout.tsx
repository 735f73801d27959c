import type { ReactNode } from "react";
import { StopPlace } from "#app/machines/[id]/stop-place.tsx";

interface MachineLayoutProps {
  readonly params: Promise<{ id: string }>;
  readonly children: ReactNode;
}

/** What stays while a person goes from one page of a machine to another. */
export default async function MachineLayout({ params, children }: MachineLayoutProps) {
  const { id } = await params;
  return (
    <StopPlace key={id} machineId={id}>
      {children}
    </StopPlace>
  );
}
