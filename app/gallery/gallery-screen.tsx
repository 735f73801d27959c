"use client";

import { CommandSpecimens } from "#app/gallery/command-specimens.tsx";
import { FleetSpecimens } from "#app/gallery/fleet-specimens.tsx";
import { LinkSpecimens } from "#app/gallery/link-specimens.tsx";
import { MachineSpecimens } from "#app/gallery/machine-specimens.tsx";
import { PartSpecimens } from "#app/gallery/part-specimens.tsx";
import { StartSpecimens } from "#app/gallery/start-specimens.tsx";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";

/** What is drawn from a few plain values, side by side; charts and dialogs are looked at on their own pages. */
export function GalleryScreen() {
  return (
    <Page>
      <PageHeading
        title="Gallery"
        note="Components in their states, from fixtures. Nothing here is live, and no control does anything."
      />
      <PartSpecimens />
      <LinkSpecimens />
      <FleetSpecimens />
      <MachineSpecimens />
      <CommandSpecimens />
      <StartSpecimens />
    </Page>
  );
}
