// The rows a replay needs: a machine "Recorded tool" with its components, the recipe, and an operator for it. Every id
// follows from the content, so doing it again changes nothing. Written with the secret key, before the run starts.

import { createHash } from "node:crypto";
import type { DraftStep } from "#executor/drivers/replay/recorded-recipe.ts";
import { RECORDED_PARAMETERS, type Recording } from "#executor/drivers/replay/recording.ts";
import { ExecutorFault } from "#executor/lock.ts";
import type { ControllerClient, MachineRow } from "#executor/reporter/controller-client.ts";
import { ask, type CallOptions } from "#lib/supabase/call.ts";

const SERIAL = "RECORDED-TOOL";
const CONFIG = { driver: "replay" };
/** A type of its own, so that no other machine is offered a recipe that only a log can play. */
const MACHINE_TYPE = "recorded";
const ID = "recorded tool";
const LIMIT: CallOptions = { timeoutMs: 15_000 };
const SHOWN_IN_GRAPH = ["chamber_pressure", "qcm_mass", "thermocouple_1"];

export type RecordedMachine = { machine: MachineRow; recipeId: string };

/** Makes what is missing; throws with a sentence when the database refuses. */
export async function ensureRecordedMachine(
  client: ControllerClient,
  recording: Recording,
  steps: readonly DraftStep[],
  operatorId: string,
): Promise<RecordedMachine> {
  const store = storeOf(client);
  const machine = {
    id: idOf(ID, "machine"),
    serial_number: SERIAL,
    name: "Recorded tool",
    location: "Replay",
    model: "Recorded run",
    machine_type: MACHINE_TYPE,
    is_virtual: true,
    virtual_config: CONFIG,
  };
  await store("machines", [machine], "id", true);
  const kinds = ["valve", "instrument"].map((type) => ({
    id: idOf(ID, "kind", type),
    name: `Recorded ${type}`,
    type,
  }));
  await store("component_definitions", kinds, "id");
  await store("component_parameter_definitions", definitions(), "id");
  await store("machine_components", components(steps), "id");
  await store("component_parameters", parameters(), "id");
  await store(
    "user_machine_assignments",
    [{ user_id: operatorId, machine_id: machine.id, is_active: true }],
    "user_id,machine_id",
  );
  const recipeId = await storeRecipe(store, recording, steps);
  return { machine: { ...machine, virtual_config: CONFIG }, recipeId };
}

type Store = (table: string, rows: readonly object[], key: string, isKept?: boolean) => Promise<void>;

/** Inserts rows; those that are there already are brought up to date, or left as they are (`isKept`). */
const storeOf =
  (client: ControllerClient): Store =>
  async (table, rows, key, isKept = false) => {
    const answer = await ask(
      `store ${table}`,
      (signal) =>
        client.supabase
          .from(table)
          .upsert([...rows], { onConflict: key, ignoreDuplicates: isKept })
          .abortSignal(signal),
      LIMIT,
    );
    if (!answer.ok) throw new ExecutorFault(`${table} could not be stored: ${answer.message}`);
  };

const definitions = () =>
  RECORDED_PARAMETERS.map(({ name, unit, min, max }) => ({
    id: idOf(ID, "definition", name),
    component_definition_id: idOf(ID, "kind", "instrument"),
    name,
    unit,
    default_min: min,
    default_max: max,
    is_writable: false,
  }));

function components(steps: readonly DraftStep[]) {
  const instrument = { name: "Data log", type: "instrument" };
  const valves = [...valveNumbers(steps)].map((number) => ({ name: `Valve ${number}`, type: "valve" }));
  return [instrument, ...valves].map(({ name, type }) => ({
    id: idOf(ID, "component", name),
    machine_id: idOf(ID, "machine"),
    name,
    type,
    definition_id: idOf(ID, "kind", type),
  }));
}

const parameters = () =>
  RECORDED_PARAMETERS.map(({ name, min, max }) => ({
    id: idOf(ID, "parameter", name),
    component_id: idOf(ID, "component", "Data log"),
    definition_id: idOf(ID, "definition", name),
    min_value: min,
    max_value: max,
    show_in_graph: SHOWN_IN_GRAPH.includes(name),
  }));

function valveNumbers(steps: readonly DraftStep[]): Set<number> {
  const numbers = steps.flatMap((step) => {
    if (step.type === "valve") return [step.valveNumber];
    return step.type === "loop" ? [...valveNumbers(step.children)] : [];
  });
  return new Set(numbers.sort((a, b) => a - b));
}

/** The id follows from the steps, so another recording of the same recipe plays the same recipe. */
async function storeRecipe(store: Store, recording: Recording, steps: readonly DraftStep[]): Promise<string> {
  const recipe = idOf(ID, "recipe", recording.furnaceC, JSON.stringify(steps));
  const row = {
    id: recipe,
    name: nameOf(recording),
    description: `From the log ${recording.name}.${recording.notes === "" ? "" : ` ${recording.notes}`}`,
    machine_type: MACHINE_TYPE,
    chamber_temperature_set_point: recording.furnaceC,
    pressure_set_point: 1.8,
  };
  await store("recipes", [row], "id", true);
  const flat = flattened(recipe, steps, null, []);
  await store(
    "recipe_steps",
    flat.map(({ row: step }) => step),
    "id",
  );
  for (const type of ["valve", "purge", "loop"] as const) {
    const configs = flat.flatMap(({ type: own, config }) => (own === type ? [config] : []));
    if (configs.length > 0) await store(`${type}_step_config`, configs, "step_id");
  }
  return recipe;
}

const nameOf = (recording: Recording): string => recording.name.replace(/^\d{8}_/, "").replaceAll("_", " ");

type FlatStep = { type: DraftStep["type"]; row: object; config: object };

function flattened(
  recipe: string,
  steps: readonly DraftStep[],
  parent: string | null,
  done: FlatStep[],
): FlatStep[] {
  for (const step of steps) {
    const number = done.length + 1;
    const id = idOf(recipe, number);
    const row = {
      id,
      recipe_id: recipe,
      sequence_number: number,
      name: step.name,
      type: step.type,
      parent_step_id: parent,
    };
    done.push({ type: step.type, row, config: { id: idOf(id, "config"), step_id: id, ...configOf(step) } });
    if (step.type === "loop") flattened(recipe, step.children, id, done);
  }
  return done;
}

function configOf(step: DraftStep): object {
  if (step.type === "valve")
    return {
      valve_number: step.valveNumber,
      valve_id: `valve_${step.valveNumber}`,
      duration_ms: step.durationMs,
    };
  return step.type === "loop" ? { iteration_count: step.times } : { duration_ms: step.durationMs };
}

/** A uuid (version 8: made from content) that is the same for the same parts. */
function idOf(...parts: readonly (string | number)[]): string {
  const hex = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
