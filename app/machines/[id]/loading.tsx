import { Page } from "#components/shell/page.tsx";
import { PageSkeleton } from "#components/ui/skeleton.tsx";

export default function MachineLoading() {
  return (
    <Page>
      <PageSkeleton label="Reading the machine" />
    </Page>
  );
}
