import { Card } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

export function NoRun({ machineName }: { readonly machineName: string }) {
  return (
    <Card aria-label="Run">
      <EmptyState title="No run yet">
        {machineName} has not run a recipe. Once it does, its step, cycle, valves and values appear here live.
      </EmptyState>
    </Card>
  );
}
