import { type Ignored, ignoredParams } from "#app/address/ignored.ts";
import { placeIn } from "#app/address/list-parsers.ts";
import { RUNS_PARAMS_WANTED, runsParams } from "#app/runs/search-params.ts";

/** What the address says that the list cannot follow: what is malformed, and places of another order or two at once. */
export function ignoredRuns(search: Pick<URLSearchParams, "getAll">): readonly Ignored[] {
  const ignored = ignoredParams(runsParams, RUNS_PARAMS_WANTED, search);
  if (ignored.length > 0) return ignored;
  const sort = runsParams.sort.parse(search.getAll("sort")[0] ?? "") ?? "start_time";
  const given = (["after", "before"] as const).flatMap((name) => {
    const place = runsParams[name].parse(search.getAll(name)[0] ?? "");
    return place === null ? [] : [{ name, isHere: placeIn(sort, place) !== null }];
  });
  const astray = given.find(({ isHere }) => !isHere);
  if (astray) return [{ name: astray.name, why: "is a place in another order" }];
  return given.length > 1 ? [{ name: "before", why: "stands beside after, which counts" }] : [];
}
