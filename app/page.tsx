import { Page } from "#components/shell/page.tsx";

export default function FleetPage() {
  return (
    <Page>
      <h1>Fleet</h1>
    </Page>
  );
}
