import type { Told } from "#scripts/faults/operator.ts";

export type CommandEnd = {
  id: string;
  kind: string;
  status: string;
  run_id: string | null;
  refusal_code: string | null;
};
export type RunEnd = { id: string; status: string };

export type Evidence = {
  told: readonly Told[];
  /** Every command in the database, when all is over. */
  commands: readonly CommandEnd[];
  runs: readonly RunEnd[];
  /** How often the controller began to play a run. */
  played: ReadonlyMap<string, number>;
  /** Every status in which a screen ever showed a command. */
  shown: readonly (readonly [id: string, statuses: readonly string[]])[];
};

const SETTLED = ["succeeded", "failed", "rejected", "expired", "superseded"];
const isSettled = (status: string | null): boolean => status !== null && SETTLED.includes(status);

/** What was promised and not kept, in sentences: a false "done", anything done twice, a wait without an end. */
export function brokenPromises({ told, commands, runs, played, shown }: Evidence): string[] {
  const ends = new Map(commands.map((command) => [command.id, command]));
  const runStatus = new Map(runs.map(({ id, status }) => [id, status]));
  return [
    ...told.flatMap((each) => promisesTo(each, ends.get(each.key))),
    ...commands.flatMap((command) => promisesOf(command, runStatus, played)),
    ...repeated(commands.filter(({ kind }) => kind === "start").map(({ run_id }) => run_id)).map(
      (run) => `run ${run} belongs to two starts`,
    ),
    ...[...played]
      .filter(([, times]) => times > 1)
      .map(([run, times]) => `run ${run} was played ${times} times`),
    ...runs
      .filter(({ id }) => !commands.some(({ kind, run_id }) => kind === "start" && run_id === id))
      .map(({ id }) => `nobody asked for run ${id}`),
    ...shown.flatMap(([id, statuses]) =>
      statuses.flatMap((status) => falselyShown(id, status, ends.get(id))),
    ),
  ];
}

function promisesTo({ key, kind, answer, status }: Told, end: CommandEnd | undefined): string[] {
  const name = `${kind} ${key}`;
  if (answer === "silence") return [`${name}: nobody ever answered`];
  if (answer !== "ok") {
    const isKept = end === undefined || end.refusal_code === answer;
    return isKept ? [] : [`${name} was refused with ${answer} and is ${end.status}`];
  }
  if (end === undefined || end.status === "rejected") return [`${name} was taken and is not on record`];
  return isSettled(status) && status !== end.status
    ? [`${name} was told to be ${status} and is ${end.status}`]
    : [];
}

function promisesOf(
  { id, kind, status, run_id }: CommandEnd,
  runStatus: ReadonlyMap<string, string>,
  played: ReadonlyMap<string, number>,
): string[] {
  const name = `${kind} ${id}`;
  if (!isSettled(status)) return [`${name} is still ${status}`];
  if (status !== "succeeded" || run_id === null) return [];
  const run = runStatus.get(run_id);
  if (kind === "start" && !played.has(run_id)) return [`${name} is done and its run was never played`];
  if (kind === "stop" && run !== "aborted") return [`${name} is done and its run is ${run}`];
  return [];
}

function falselyShown(id: string, status: string, end: CommandEnd | undefined): string[] {
  if (end === undefined) return [`a screen showed command ${id}, which is not on record`];
  return isSettled(status) && status !== end.status
    ? [`a screen showed ${id} ${status}; it is ${end.status}`]
    : [];
}

function repeated<T>(values: readonly (T | null)[]): T[] {
  const known = values.filter((value) => value !== null);
  return known.filter((value, index) => known.indexOf(value) !== index);
}
