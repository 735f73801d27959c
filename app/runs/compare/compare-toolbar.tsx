import { useQueryStates } from "nuqs";
import { compareParams } from "#app/runs/compare/search-params.ts";
import { Segments } from "#components/ui/segments.tsx";
import type { Align, ComparedMeasure } from "#lib/model/comparison.ts";

const ALIGNS: readonly { value: Align; name: string }[] = [
  { value: "cycle", name: "Cycle" },
  { value: "step", name: "Execution" },
  { value: "start", name: "Time" },
];

const MEASURES: readonly { value: ComparedMeasure; name: string }[] = [
  { value: "measured_ms", name: "Duration" },
  { value: "peak_torr", name: "Pressure peak" },
];

/** By what the runs are laid upon each other, and what of their steps is compared. */
export function CompareToolbar() {
  const [{ align, measure }, setParams] = useQueryStates(compareParams);
  return (
    <>
      <Segments
        label="Aligned by"
        isLabelShown
        value={align}
        choices={ALIGNS}
        onChange={(value) => void setParams({ align: value })}
      />
      <Segments
        label="What is compared"
        value={measure}
        choices={MEASURES}
        onChange={(value) => void setParams({ measure: value })}
      />
    </>
  );
}
