import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { nameText } from "#lib/view/name-text.ts";

export function NoRun({ machineName }: { readonly machineName: string }) {
  return (
    <Card aria-label="Run">
      <EmptyState title="No run yet">
        {nameText(machineName)} has not run a recipe. Once it does, its step, cycle, valves and values appear
        here live.
      </EmptyState>
    </Card>
  );
}
