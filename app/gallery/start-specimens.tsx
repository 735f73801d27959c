import { Group, nothing, Specimen } from "#app/gallery/specimen.tsx";
import { DifferenceCard } from "#components/start/difference-card.tsx";
import { PermissiveCard } from "#components/start/permissive-card.tsx";
import { PlanCard } from "#components/start/plan-card.tsx";
import { ProgramOutline } from "#components/start/program-outline.tsx";
import { RecipeList } from "#components/start/recipe-list.tsx";
import { Card } from "#components/ui/card.tsx";
import { SAMPLE_START, sampleProgram, sampleRun } from "#lib/model/samples.ts";
import type { Permissive, RecipeChoice, StartReview } from "#lib/model/start-review.ts";
import { durationMs, later } from "#lib/time.ts";
import { permissiveView } from "#lib/view/permissive-rows.ts";
import { planTime } from "#lib/view/plan-time.ts";
import { programDiff } from "#lib/view/program-diff.ts";

const program = sampleProgram();
const changed = sampleProgram(5);
const now = later(SAMPLE_START, 1_000);

const reading = (name: string, value: number, over: Partial<Permissive> = {}): Permissive => ({
  key: "reading",
  name,
  isMet: true,
  value,
  unit: "Torr",
  minimum: 0,
  maximum: 10,
  readAt: SAMPLE_START,
  reason: null,
  hint: null,
  ...over,
});

const review: StartReview = {
  serverTime: SAMPLE_START,
  machineVersion: 1,
  program,
  programTag: "v2-a",
  permissives: [
    { ...reading("Idle", 0), key: "idle", value: null, unit: null, minimum: null, maximum: null },
    reading("chamber_pressure", 1.8),
    reading("pump_pressure", 12, {
      isMet: false,
      reason: "pump_pressure reads 12 Torr, allowed is 0 to 10",
      hint: "Bring the value back within its limits, then start.",
    }),
    reading("carrier_flow", 20, { isMet: null, readAt: null, unit: "sccm", maximum: 500 }),
  ],
  pace: null,
  lastGood: { run: sampleRun({ status: "completed", endTime: now }), operatorName: "Omar Haddad" },
};

const choice = (name: string, over: Partial<RecipeChoice> = {}): RecipeChoice => ({
  id: name,
  name,
  description: null,
  version: 1,
  plannedMs: durationMs(750_000),
  lastUsedAt: SAMPLE_START,
  ...over,
});

const CHOICES = [
  choice("Al2O3 200 °C", { description: "TMA and water, about 10 nm" }),
  choice("TiO2 150 °C", { lastUsedAt: null }),
  choice("Without a loop", { plannedMs: null }),
];

export function StartSpecimens() {
  return (
    <Group title="Before a start" className="lg:grid-cols-2">
      <Specimen name="recipes">
        <Card>
          <RecipeList
            isReadOnly={false}
            choices={CHOICES}
            chosenId="Al2O3 200 °C"
            machineType="thermal-ald"
            now={now}
            find=""
            onFind={nothing}
            onChoose={nothing}
          />
        </Card>
      </Specimen>
      <Specimen name="permissives: met, not met, not known">
        <PermissiveCard view={permissiveView(review, now)} />
      </Specimen>
      <Specimen name="plan without history">
        <PlanCard program={program} time={planTime(program.totals.planned_ms, null)} now={now} zone="UTC" />
      </Specimen>
      <Specimen name="plan with the band of its history">
        <PlanCard
          program={program}
          time={planTime(program.totals.planned_ms, { runs: 22, p10: 0.98, p50: 1.02, p90: 1.2 })}
          now={now}
          zone="UTC"
        />
      </Specimen>
      <Specimen name="the same as the last good run">
        <DifferenceCard lastGood={review.lastGood} diff={programDiff(program, program)} zone="UTC" />
      </Specimen>
      <Specimen name="other than the last good run">
        <DifferenceCard lastGood={review.lastGood} diff={programDiff(program, changed)} zone="UTC" />
      </Specimen>
      <Specimen name="no good run yet">
        <DifferenceCard lastGood={null} diff={null} zone="UTC" />
      </Specimen>
      <Specimen name="program, with what differs">
        <Card>
          <ProgramOutline program={changed} changes={programDiff(program, changed).steps} />
        </Card>
      </Specimen>
    </Group>
  );
}
