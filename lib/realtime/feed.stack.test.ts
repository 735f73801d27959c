import { randomUUID } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import { afterEach, beforeEach, expect, inject, test, vi } from "vitest";
import { fetchFleet } from "#lib/queries/fleet.ts";
import { supabaseTransport } from "#lib/supabase/open-feed.ts";
import { requestStop } from "#lib/supabase/send-command.ts";
import { fleetFeed } from "./feeds.ts";
import { ClockEstimate } from "./server-clock.ts";
import { realRuntime, StackBed } from "./test-page.ts";

// The feed against the real embedded stack: unmodified client library, real rows, real row security.

let page: StackBed;

beforeEach(async () => {
  page = await StackBed.open(inject("stack"), (url) =>
    createClient(url, inject("stack").publishableKey, {
      auth: { persistSession: false, autoRefreshToken: false },
    }),
  );
});

afterEach(() => page.close());

test("a run started by a person is seen from its request to its steps, without a reload", async () => {
  await page.live();
  const runId = await page.startedRun();
  await page.until((data) => data.run?.id === runId && data.machine.status === "processing");
  expect(page.data.commands[0]).toMatchObject({ kind: "start", status: "requested" });
  await page.until((_, state) => state === "live");
  await page.report(runId, 1, 8);
  await page.until(
    (data) => data.steps.length === 8 && data.run?.lastSeq === 8 && data.runState?.overallStep === 8,
  );
  await page.expectTruth(runId);
  expect(page.data).toMatchObject({
    run: { status: "running", program: { totals: { steps: 100, cycles: 50 } } },
    commands: [{ kind: "start", status: "succeeded" }],
  });
  expect(page.status.gapsHealed).toBe(0);
});

test("a stop is seen as asked for, by everybody, before the machine has done it", async () => {
  const runId = await page.startedRun();
  await page.report(runId, 1, 2);
  await page.live();
  const commandId = randomUUID();
  const sent = await requestStop(page.client, {
    commandId,
    machineId: page.bed.machine.id,
    runId,
    mode: "now",
    reason: null,
  });
  expect(sent).toMatchObject({ ok: true, command: { id: commandId, status: "requested" } });
  await page.until((data) => data.machine.status === "stopping" && data.commands[0]?.id === commandId);
  expect(page.data.run?.status).toBe("running");
  await page.end(runId);
  await page.until((data) => data.run?.status === "aborted" && data.machine.status === "idle");
  await page.until((data) => data.commands[0]?.status === "succeeded");
  await page.expectTruth(runId);
});

test("without a session nothing is read, and the page says so", async () => {
  await page.client.auth.signOut({ scope: "local" });
  page.feed.start();
  await page.until(() => page.status.trouble !== null);
  expect(page.status).toMatchObject({ state: "offline", trouble: "signed-out", reason: null });
});

test("the fleet follows its machines", async () => {
  const { client, bed } = page;
  const initial = await fetchFleet(client);
  const clock = new ClockEstimate(realRuntime, initial.serverTime);
  const place = { runtime: realRuntime, clock, client: () => client, transport: supabaseTransport };
  const fleet = fleetFeed(place, initial);
  fleet.start();
  const own = () =>
    fleet.store.getSnapshot().data.machines.find((each) => each.machine.id === bed.machine.id);
  await vi.waitFor(() => expect(fleet.store.getSnapshot().feed.state).toBe("live"), 10_000);
  expect(own()).toMatchObject({ machine: { status: "idle" }, lease: { controller: "feed test" } });
  const runId = await page.startedRun();
  await vi.waitFor(
    () => expect(own()).toMatchObject({ machine: { status: "processing" }, run: { id: runId } }),
    10_000,
  );
  await page.report(runId, 1, 3);
  await vi.waitFor(() => expect(own()?.runState).toMatchObject({ overallStep: 3 }), 10_000);
  fleet.stop();
});
