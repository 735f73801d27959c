import { runsParams } from "#app/runs/search-params.ts";
import type { RunFilterValues } from "#components/runs/run-filters.tsx";

// Between what stands in the address and what stands in the controls.

type Params = { readonly [Key in keyof typeof runsParams]: unknown };

const isoDay = (date: unknown): string => (date instanceof Date ? date.toISOString().slice(0, 10) : "");
const word = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

export function toValues(params: Params): RunFilterValues {
  return {
    status: word(params.status),
    machine: word(params.machine),
    recipe: word(params.recipe),
    version: word(params.version),
    operator: word(params.operator),
    text: word(params.text),
    from: isoDay(params.from),
    to: isoDay(params.to),
    least: word(params.least),
    deviations: params.deviations === true,
    good: params.good === true,
  };
}

/** What an empty control says is taken out of the address. */
export function toParams(values: Partial<RunFilterValues>) {
  const { status, machine, recipe, version, operator, text, from, to, least, deviations, good } = values;
  return {
    ...(status === undefined ? {} : { status: runsParams.status.parse(status) }),
    ...(machine === undefined ? {} : { machine: machine || null }),
    ...(recipe === undefined ? {} : { recipe: recipe || null }),
    ...(version === undefined ? {} : { version: runsParams.version.parse(version) }),
    ...(operator === undefined ? {} : { operator: operator || null }),
    ...(text === undefined ? {} : { text: text || null }),
    ...(from === undefined ? {} : { from: runsParams.from.parse(from) }),
    ...(to === undefined ? {} : { to: runsParams.to.parse(to) }),
    ...(least === undefined ? {} : { least: runsParams.least.parse(least) }),
    ...(deviations === undefined ? {} : { deviations: deviations || null }),
    ...(good === undefined ? {} : { good: good || null }),
  };
}
