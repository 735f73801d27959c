import { createLoader, parseAsStringLiteral } from "nuqs/server";
import { isId } from "#app/address/parsers.ts";
import { aligns, comparedMeasures } from "#lib/model/comparison.ts";
import { MOST_COMPARED } from "#lib/model/run-list.ts";
import { counted } from "#lib/view/count.ts";

/** How the runs are compared; which ones, `chosenRuns` reads. */
export const compareParams = {
  align: parseAsStringLiteral(aligns).withDefault("cycle"),
  measure: parseAsStringLiteral(comparedMeasures).withDefault("measured_ms"),
};

export const COMPARE_PARAMS_WANTED: Readonly<Record<keyof typeof compareParams, string>> = {
  align: `a way to lay runs upon each other (${aligns.join(", ")})`,
  measure: `a measure (${comparedMeasures.join(", ")})`,
};

export const loadCompareParams = createLoader(compareParams);

export type ChosenRuns = {
  /** At most as many as can be compared, each once, in the order of the address. */
  runIds: readonly string[];
  /** What was left out of the comparison, a sentence each. */
  problems: readonly string[];
};

const SHOWN_CHARACTERS = 40;

/** The runs that an address names. Whatever it holds, what can be compared is. */
export function chosenRuns(text: string): ChosenRuns {
  const named = [...new Set(text.toLowerCase().split(",").filter(Boolean))];
  const [good, bad] = [named.filter(isId), named.filter((one) => !isId(one))];
  const tooMany = good.length - MOST_COMPARED;
  return {
    runIds: good.slice(0, MOST_COMPARED),
    problems: [
      ...(bad.length > 0
        ? [`Left out: “\u2068${shortened(bad[0] ?? "")}\u2069” ${others(bad.length - 1)}no id of a run.`]
        : []),
      ...(tooMany > 0
        ? [
            `Left out: ${counted(tooMany, "run")} more than the ${MOST_COMPARED} that can be compared at once.`,
          ]
        : []),
    ],
  };
}

const others = (more: number): string => (more === 0 ? "is " : `and ${counted(more, "other")} are `);

const shortened = (text: string): string =>
  text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;

/** Runs that the database does not have, in a sentence; null when it has all. */
export function missingSentence(notFound: readonly string[]): string | null {
  const [first] = notFound;
  if (first === undefined) return null;
  if (notFound.length === 1) return `There is no run ${first}.`;
  return `There are no runs ${notFound.slice(0, 3).join(", ")}${notFound.length > 3 ? ` and ${counted(notFound.length - 3, "other")}` : ""}.`;
}
