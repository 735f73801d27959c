import { useRef } from "react";
import { MachineTile } from "#components/fleet/machine-tile.tsx";
import { useCalmOrder } from "#components/fleet/use-calm-order.ts";
import { useInSight } from "#components/fleet/use-in-sight.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { FleetMachine } from "#lib/model/snapshot.ts";
import { type EpochMs, elapsed } from "#lib/time.ts";
import { counted } from "#lib/view/count.ts";
import { type FleetOrder, RISE_SAID_FOR } from "#lib/view/fleet-order.ts";

interface FleetGridProps {
  readonly machines: readonly FleetMachine[];
  readonly order: FleetOrder;
  readonly now: EpochMs;
  /** Server time for the n-th machine. */
  readonly nowOf: (nth: number) => EpochMs;
  /** The latest moment the page knows anything about. */
  readonly knownAt: EpochMs;
  readonly zoneOf: (siteZone: string) => string;
}

/** A tile per machine, in order of need; the order keeps still while somebody points at a tile. */
export function FleetGrid({ machines, order, now, nowOf, knownAt, zoneOf }: FleetGridProps) {
  const grid = useRef<HTMLUListElement>(null);
  const calm = useCalmOrder(order.order, grid);
  const inSight = useInSight(grid, order.order);
  const byId = new Map(machines.map((machine, nth) => [machine.machine.id, { machine, nth }]));

  if (machines.length === 0) {
    return (
      <EmptyState title="No machines yet">
        A machine appears here as soon as it has a row in the database. See docs/connecting-a-controller.md.
      </EmptyState>
    );
  }
  return (
    <div className="grid">
      <OrderNote order={order} isWaiting={calm.isWaiting} now={now} />
      <ul ref={grid} className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,18rem),1fr))] gap-3 sm:gap-4">
        {calm.order.map((id) => {
          const found = byId.get(id);
          if (!found) return null;
          const { machine, nth } = found;
          return (
            // Tiles out of sight are neither laid out nor painted.
            <li
              key={id}
              data-id={id}
              className="grid max-w-[40rem] [contain-intrinsic-size:auto_14rem] [content-visibility:auto]"
            >
              <MachineTile
                machine={machine}
                now={nowOf(nth)}
                knownAt={knownAt}
                zone={zoneOf(machine.machine.timezone)}
                isInSight={inSight === null || inSight.has(id)}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

interface OrderNoteProps {
  readonly order: FleetOrder;
  readonly isWaiting: boolean;
  readonly now: EpochMs;
}

/** Says calmly who came to the front, or that somebody will as soon as the hand is gone. Takes no room of its own. */
function OrderNote({ order: { risen, since }, isWaiting, now }: OrderNoteProps) {
  const who = risen.length > 2 ? counted(risen.length, "machine") : risen.join(" and ");
  const isSaid = who !== "" && (isWaiting || elapsed(since, now) < RISE_SAID_FOR);
  return (
    <output aria-label="Order of the tiles" className="-mt-5 h-5 truncate text-right text-xs text-ink-faint">
      {isSaid ? `${who} ${isWaiting ? "to the front when you stop pointing" : "came to the front"}` : ""}
    </output>
  );
}
