import { Badge } from "#components/ui/badge.tsx";

/** An engineer said that this run is one to measure others against. */
export function GoodBadge() {
  return (
    <Badge shape="check" title="Marked good by an engineer: others are measured against it">
      Good
    </Badge>
  );
}
