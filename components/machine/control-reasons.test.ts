import { describe, expect, test } from "vitest";
import { type ControlScene, whyNoMend, whyNoStart, whyNoStop } from "#components/machine/control-reasons.ts";
import { commandFixture, leaseFixture, machineFixture, personFixture } from "#components/machine/fixtures.ts";
import { machineStatuses } from "#lib/model/machine.ts";
import { epochMs } from "#lib/time.ts";

const now = epochMs(1_000_000);
const scene = (over: Partial<ControlScene> = {}): ControlScene => ({
  machine: machineFixture({ status: "idle" }),
  lease: leaseFixture({ expiresAt: epochMs(now + 1) }),
  person: personFixture(),
  commands: [],
  mayCommand: true,
  isInDoubt: false,
  ownStart: "none",
  now,
  ...over,
});

describe("whyNoStart", () => {
  test("nothing stands against an idle machine with a controller", () => {
    expect(whyNoStart(scene())).toBeNull();
  });

  test.each(machineStatuses.filter((status) => status !== "idle"))("%s names its own reason", (status) => {
    const reason = whyNoStart(scene({ machine: machineFixture({ status }) }));
    expect(reason).toMatch(/\.$/);
  });

  test("the person's own reason comes first", () => {
    const viewer = personFixture({ role: "viewer" });
    expect(whyNoStart(scene({ person: viewer, lease: null }))).toBe(
      "Your role is viewer: it reads everything and commands nothing.",
    );
  });

  test("an expired lease is no controller", () => {
    expect(whyNoStart(scene({ lease: leaseFixture({ expiresAt: now }) }))).toContain("No controller");
  });

  test("a pending start stands against a second one, a settled one does not", () => {
    const asked = commandFixture({ kind: "start", status: "requested" });
    expect(whyNoStart(scene({ commands: [asked] }))).toBe("Another start is already on its way.");
    expect(
      whyNoStart(scene({ commands: [commandFixture({ kind: "start", status: "rejected" })] })),
    ).toBeNull();
  });
});

test("what the database says now counts more than what was read with the page", () => {
  const busy = machineFixture({ status: "processing" });
  for (const why of [whyNoStart, whyNoStop, whyNoMend]) {
    expect(why(scene({ machine: busy, mayCommand: false }))).toContain("has been taken back");
  }
});

test("one's own start without an answer: no second one while it is on its way, and always a stop", () => {
  expect(whyNoStart(scene({ ownStart: "sending" }))).toContain("has no answer yet");
  expect(whyNoStart(scene({ ownStart: "silent" }))).toBeNull();
  for (const ownStart of ["sending", "silent"] as const) expect(whyNoStop(scene({ ownStart }))).toBeNull();
});

describe("whyNoStop", () => {
  test.each(["processing", "stopping", "unknown"] as const)("never refused while %s", (status) => {
    expect(whyNoStop(scene({ machine: machineFixture({ status }), lease: null }))).toBeNull();
  });

  test("idle says that nothing is running, unless the screen may be behind", () => {
    expect(whyNoStop(scene())).toBe("Nothing is running.");
    expect(whyNoStop(scene({ isInDoubt: true }))).toBeNull();
  });

  test("an operator of another machine is told so, in every state", () => {
    const elsewhere = personFixture({ machineIds: ["another"] });
    const busy = machineFixture({ status: "processing" });
    expect(whyNoStop(scene({ person: elsewhere, machine: busy }))).toContain("not assigned to you");
    expect(whyNoMend(scene({ person: elsewhere, machine: busy }))).toContain("not assigned to you");
  });
});
