import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, test, vi } from "vitest";
import { SAMPLE_START, sampleMachine } from "#lib/model/samples.ts";
import type { FleetSnapshot } from "#lib/model/snapshot.ts";
import { useFleetFeed, useNow } from "./use-feed.ts";

const initial: FleetSnapshot = {
  serverTime: SAMPLE_START,
  machines: [
    { machine: sampleMachine(), state: null, lease: null, run: null, runState: null, lastDeviation: null },
  ],
};
const config = { url: "http://stack.test", publishableKey: "sb_publishable_x" };

function Page() {
  const { data, feed, clock } = useFleetFeed(config, initial);
  const now = useNow(clock, initial.serverTime);
  return createElement("p", null, `${data.machines.length} ${feed.state} ${feed.since} ${now}`);
}

test("the server renders the snapshot itself, the same every time, and touches neither network nor browser", () => {
  const fetched = vi.spyOn(globalThis, "fetch");
  const page = renderToString(createElement(Page));
  expect(page).toBe(`<p>1 connecting ${SAMPLE_START} ${SAMPLE_START}</p>`);
  expect(renderToString(createElement(Page))).toBe(page);
  expect(fetched).not.toHaveBeenCalled();
});
