import { Field, Select } from "#components/ui/field.tsx";
import type { RunOrder } from "#lib/model/run-list.ts";

interface OrderChoiceProps {
  readonly order: RunOrder;
  readonly onSort: (order: RunOrder) => void;
}

const ORDERS: readonly (RunOrder & { readonly name: string })[] = [
  { sort: "start_time", isDescending: true, name: "Newest first" },
  { sort: "start_time", isDescending: false, name: "Oldest first" },
  { sort: "deviation_count", isDescending: true, name: "Most deviations first" },
  { sort: "duration", isDescending: true, name: "Longest first" },
  { sort: "steps", isDescending: true, name: "Most steps first" },
  { sort: "machine", isDescending: false, name: "By machine" },
  { sort: "operator", isDescending: false, name: "By operator" },
];

/** The order of the list where the screen is too narrow for the columns whose heads would choose it. */
export function OrderChoice({ order, onSort }: OrderChoiceProps) {
  const chosen = ORDERS.findIndex(
    ({ sort, isDescending }) => sort === order.sort && isDescending === order.isDescending,
  );
  return (
    <Field label="Order" className="min-w-0 sm:w-44 lg:hidden">
      {(wiring) => (
        <Select
          {...wiring}
          value={chosen < 0 ? "" : chosen}
          onChange={(event) => {
            const next = ORDERS[Number(event.target.value)];
            if (next) onSort({ sort: next.sort, isDescending: next.isDescending });
          }}
        >
          {chosen < 0 ? <option value="">By another column</option> : null}
          {ORDERS.map(({ name }, at) => (
            <option key={name} value={at}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
