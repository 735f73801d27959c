import { describe, expect, test } from "vitest";
import { commandFixture } from "#components/machine/fixtures.ts";
import { shownCommands } from "#components/machine/shown-commands.ts";
import type { Command } from "#lib/model/command.ts";
import { epochMs } from "#lib/time.ts";

const openedAt = epochMs(100_000);
const now = epochMs(160_000);
const me = "me";
const shown = (command: Partial<Command>, handled: string[] = [], asked: string[] = []) =>
  shownCommands([commandFixture(command)], {
    now,
    openedAt,
    personId: me,
    asked: new Set(asked),
    handled: new Set(handled),
  });

describe("shownCommands", () => {
  test.each(["requested", "accepted", "executing"] as const)(
    "anybody's command that is %s, however old",
    (status) => {
      expect(shown({ status, requestedBy: "another", requestedAt: epochMs(0) })).toMatchObject([
        { isRefused: false },
      ]);
    },
  );

  test("a success for five seconds", () => {
    expect(shown({ status: "succeeded", settledAt: epochMs(now - 4999) })).toHaveLength(1);
    expect(shown({ status: "succeeded", settledAt: epochMs(now - 5000) })).toHaveLength(0);
  });

  test.each(["rejected", "failed", "expired", "superseded"] as const)(
    "one's own that was %s, until dismissed",
    (status) => {
      const mine = { id: "c", status, requestedBy: me, settledAt: epochMs(openedAt + 1) };
      expect(shown(mine)).toMatchObject([{ isRefused: true }]);
      expect(shown(mine, ["c"])).toEqual([]);
    },
  );

  test("what this tab asked for and was refused while another page was open", () => {
    const early = { id: "c", status: "rejected", requestedBy: me, settledAt: epochMs(openedAt - 1) } as const;
    expect(shown(early, [], ["c"])).toMatchObject([{ isRefused: true }]);
    expect(shown(early, ["c"], ["c"])).toEqual([]);
  });

  test("not another person's refusal, and not what was settled before the page was opened", () => {
    expect(shown({ status: "rejected", requestedBy: "another", settledAt: now })).toEqual([]);
    expect(shown({ status: "rejected", requestedBy: me, settledAt: epochMs(openedAt - 1) })).toEqual([]);
  });
});
