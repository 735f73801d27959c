"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { parseAsPlace } from "#app/address/list-parsers.ts";
import type { RunPage, RunPlace } from "#lib/model/run-list.ts";

interface ListLinks {
  readonly firstHref: string | null;
  readonly previousHref: string | null;
  readonly nextHref: string | null;
  /** The same selection, pins and all, as a file. */
  readonly exportHref: string;
}

/** The ways out of a page of the list; each keeps everything else that stands in the address. */
export function useListLinks({ first, next, isFirst }: RunPage & { isFirst: boolean }): ListLinks {
  const path = usePathname();
  const search = useSearchParams();
  const at = (to: string, name?: "after" | "before", place?: RunPlace) => {
    const target = new URLSearchParams(search);
    target.delete("after");
    target.delete("before");
    if (name && place) target.set(name, parseAsPlace.serialize(place));
    return target.size > 0 ? `${to}?${target}` : to;
  };
  return {
    firstHref: isFirst ? null : at(path),
    previousHref: isFirst ? null : first === null ? at(path) : at(path, "before", first),
    nextHref: next === null ? null : at(path, "after", next),
    exportHref: at("/runs/export/runs.csv"),
  };
}
