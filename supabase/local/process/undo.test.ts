import { describe, expect, test } from "vitest";
import { createUndo } from "./undo.ts";

describe("createUndo", () => {
  test("runs the newest step first, each once", async () => {
    const seen: string[] = [];
    const undo = createUndo();
    undo.defer(() => seen.push("first"));
    undo.defer(async () => seen.push("second"));
    await Promise.all([undo.run(), undo.run()]);
    await undo.run();
    expect(seen).toEqual(["second", "first"]);
  });

  test("goes on after a failing step and reports it", async () => {
    const seen: string[] = [];
    const undo = createUndo();
    undo.defer(() => seen.push("kept"));
    undo.defer(() => {
      throw new Error("the door is stuck");
    });
    await expect(undo.run()).rejects.toThrow("the stack did not stop cleanly: Error: the door is stuck");
    expect(seen).toEqual(["kept"]);
  });
});
