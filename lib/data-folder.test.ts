import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dataDirOf, dropEmptyFolder, makeFolder } from "#lib/data-folder.ts";
import { ROOT } from "#scripts/paths.ts";

test.each([
  [{ PULSEBOARD_DATA_DIR: "/elsewhere" }, "/elsewhere"],
  [{ PULSEBOARD_DATA_DIR: "" }, join(ROOT, ".pulseboard")],
  [{}, join(ROOT, ".pulseboard")],
])("the data folder of %j", (environment, folder) => {
  expect(dataDirOf(environment)).toBe(folder);
});

describe("a folder", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "pulseboard-folder-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test("is made with those above it, also when it is there already or two make it at once", async () => {
    const deep = join(root, "a/b/c");
    await Promise.all([makeFolder(deep), makeFolder(deep)]);
    await makeFolder(deep);
    expect(statSync(deep).isDirectory()).toBe(true);
  });

  test("is refused where a file stands in the way, and where nothing can be made", async () => {
    writeFileSync(join(root, "file"), "");
    await expect(makeFolder(join(root, "file"))).rejects.toMatchObject({ code: "EEXIST" });
    await expect(makeFolder(join(root, "file/below"))).rejects.toMatchObject({ code: "ENOTDIR" });
    await expect(makeFolder("")).rejects.toMatchObject({ code: "ENOENT" });
  });

  test.runIf(process.platform === "linux")("is refused below /proc, and at once", async () => {
    await expect(makeFolder("/proc/none/data")).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("is taken away when nothing is in it", async () => {
    await makeFolder(join(root, "full/empty"));
    await dropEmptyFolder(join(root, "full"));
    await dropEmptyFolder(join(root, "full/empty"));
    await dropEmptyFolder(join(root, "full/empty"));
    expect(statSync(join(root, "full")).isDirectory()).toBe(true);
    await expect(makeFolder(join(root, "full"))).resolves.toBeUndefined();
  });
});
