"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { joinClasses } from "#components/ui/join-classes.ts";
import { Shape } from "#components/ui/shape.tsx";
import { isStepOpen, type StepExecution } from "#lib/model/step.ts";
import { durationMs } from "#lib/time.ts";
import { formatClock, formatDeviation, formatDuration } from "#lib/time-format.ts";

interface StepsTableProps {
  /** Steps 1..count exist; those not loaded yet are asked for. */
  readonly count: number;
  readonly stepAt: (seq: number) => StepExecution | undefined;
  /** Rows `from`..`to` (seq, both included) are in sight. */
  readonly onVisible: (from: number, to: number) => void;
  readonly selectedSeq: number | null;
  readonly onSelect: (seq: number) => void;
  readonly zone: string;
}

const ROW_HEIGHT = 36;
const COLUMNS =
  "grid grid-cols-[3.5rem_minmax(0,1fr)_4.5rem_5.5rem] sm:grid-cols-[5rem_minmax(9rem,1fr)_5rem_6rem_7rem_6rem_6rem_6rem_7rem] items-center";

/** Every step of a run; only the rows in sight exist. Arrow keys, Page, Home and End move the selection. */
export function StepsTable({ count, stepAt, onVisible, selectedSeq, onSelect, zone }: StepsTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  const from = (items[0]?.index ?? 0) + 1;
  const to = (items.at(-1)?.index ?? -1) + 1;

  useEffect(() => {
    if (to >= from) onVisible(from, to);
  }, [from, to, onVisible]);

  const hasScrolled = useRef(false);
  useEffect(() => {
    if (selectedSeq === null) return;
    rows.scrollToIndex(selectedSeq - 1, { align: hasScrolled.current ? "auto" : "center" });
    hasScrolled.current = true;
  }, [selectedSeq, rows]);

  const onKeyDown = (event: KeyboardEvent) => {
    const next = seqForKey(event.key, selectedSeq ?? 0, count);
    if (next === null) return;
    event.preventDefault();
    onSelect(next);
  };

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Steps"
      aria-rowcount={count + 1}
      aria-activedescendant={selectedSeq === null ? undefined : `step-${selectedSeq}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="h-[min(70dvh,46rem)] overflow-auto text-sm focus-visible:-outline-offset-2"
    >
      <div className="sm:min-w-[56rem]">
        <HeadRow />
        <div role="rowgroup" className="relative" style={{ height: rows.getTotalSize() }}>
          {items.map(({ index, start }) => (
            <StepRow
              key={index}
              seq={index + 1}
              step={stepAt(index + 1)}
              top={start}
              isSelected={selectedSeq === index + 1}
              onSelect={onSelect}
              zone={zone}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

const HEADS = [
  "#",
  "Step",
  "Cycle",
  "Planned",
  "Measured",
  "Deviation",
  "Recorded",
  "Peak",
  "Started",
] as const;
const WIDE_ONLY = new Set<string>(["Cycle", "Planned", "Recorded", "Peak", "Started"]);
const headClass = (name: string) =>
  joinClasses(
    "px-2 first:pl-3 sm:first:pl-4",
    name !== "Step" && "text-right",
    WIDE_ONLY.has(name) && "hidden sm:block",
  );

function HeadRow() {
  return (
    <div role="rowgroup" className="sticky top-0 z-10 border-b border-line bg-sunken">
      <div
        role="row"
        tabIndex={-1}
        aria-rowindex={1}
        className={joinClasses(COLUMNS, "h-9 text-xs font-medium text-ink-muted")}
      >
        {HEADS.map((name) => (
          <span key={name} role="columnheader" tabIndex={-1} className={headClass(name)}>
            {name}
          </span>
        ))}
      </div>
    </div>
  );
}

interface StepRowProps {
  readonly seq: number;
  readonly step: StepExecution | undefined;
  readonly top: number;
  readonly isSelected: boolean;
  readonly onSelect: (seq: number) => void;
  readonly zone: string;
}

function StepRow({ seq, step, top, isSelected, onSelect, zone }: StepRowProps) {
  const cells = step ? cellsOf(step, zone) : HEADS.slice(1).map(() => "");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it takes the keys
    <div
      id={`step-${seq}`}
      role="row"
      tabIndex={-1}
      aria-rowindex={seq + 1}
      aria-selected={isSelected}
      onClick={() => onSelect(seq)}
      className={joinClasses(
        COLUMNS,
        "absolute inset-x-0 cursor-default border-b border-line hover:bg-hover/60",
        isSelected && "bg-accent-soft outline outline-accent",
      )}
      style={{ height: ROW_HEIGHT, transform: `translateY(${top}px)` }}
    >
      <span role="gridcell" tabIndex={-1} className={joinClasses(headClass("#"), "text-ink-faint")}>
        {seq}
      </span>
      {cells.map((cell, index) => (
        <span
          key={HEADS[index + 1]}
          role="gridcell"
          tabIndex={-1}
          className={joinClasses(headClass(HEADS[index + 1] ?? ""), "truncate")}
        >
          {cell}
        </span>
      ))}
    </div>
  );
}

function cellsOf(step: StepExecution, zone: string) {
  const isOpen = isStepOpen(step);
  const recorded = step.endedAt === null ? null : durationMs(step.endedAt - step.startedAt);
  const begun = step.deviceStartedAt ?? step.startedAt;
  return [
    step.valveNumber === null ? step.stepName : `${step.stepName}, valve ${step.valveNumber}`,
    step.cycle ?? "–",
    step.plannedMs === null ? "–" : formatDuration(step.plannedMs),
    step.measuredMs === null ? (isOpen ? "open" : "–") : formatDuration(step.measuredMs),
    <Deviation key="deviation" step={step} />,
    recorded === null ? (isOpen ? "open" : "–") : formatDuration(recorded),
    step.pulse?.peakTorr == null ? "–" : `${step.pulse.peakTorr.toPrecision(3)} Torr`,
    formatClock(begun, zone, "millisecond"),
  ];
}

function Deviation({ step }: { readonly step: StepExecution }) {
  if (step.deviationMs === null) return "–";
  if (!step.isDeviation) return formatDeviation(step.deviationMs);
  return (
    <span className="inline-flex items-center gap-1 font-semibold text-alarm-2">
      <Shape name="triangle" className="size-2.5" />
      {formatDeviation(step.deviationMs)}
      <span className="sr-only">, a deviation</span>
    </span>
  );
}

const PAGE_ROWS = 15;

function seqForKey(key: string, seq: number, count: number): number | null {
  const moves: Record<string, number> = {
    ArrowDown: seq + 1,
    j: seq + 1,
    ArrowUp: seq - 1,
    k: seq - 1,
    PageDown: seq + PAGE_ROWS,
    PageUp: seq - PAGE_ROWS,
    Home: 1,
    End: count,
  };
  const next = moves[key];
  return next === undefined || count === 0 ? null : Math.min(count, Math.max(1, next));
}
