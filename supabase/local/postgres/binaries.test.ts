import { mkdir, mkdtemp, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createMissingLinks } from "./binaries.ts";

let native: string;

beforeEach(async () => {
  native = await mkdtemp(join(tmpdir(), "pulseboard-native-"));
  await mkdir(join(native, "lib"));
  await writeFile(join(native, "lib", "libpq.so.5.17"), "");
  const links = ["libpq.so", "libpq.so.5"].map((name) => ({
    source: "native/lib/libpq.so.5.17",
    target: `native/lib/${name}`,
  }));
  await writeFile(join(native, "pg-symlinks.json"), JSON.stringify(links));
});
afterEach(() => rm(native, { recursive: true }));

describe("createMissingLinks", () => {
  test("creates what a blocked install script left out, also in a folder of another name", async () => {
    await createMissingLinks(native);
    expect(await readlink(join(native, "lib", "libpq.so"))).toBe("libpq.so.5.17");
    expect(await readlink(join(native, "lib", "libpq.so.5"))).toBe("libpq.so.5.17");
  });

  test("replaces a link that leads nowhere and leaves the good one", async () => {
    await symlink("gone", join(native, "lib", "libpq.so"));
    await symlink("./libpq.so.5.17", join(native, "lib", "libpq.so.5"));
    await createMissingLinks(native);
    expect(await readlink(join(native, "lib", "libpq.so"))).toBe("libpq.so.5.17");
    expect(await readlink(join(native, "lib", "libpq.so.5"))).toBe("./libpq.so.5.17");
  });

  test("has nothing to do for a package without a manifest", async () => {
    await rm(join(native, "pg-symlinks.json"));
    await expect(createMissingLinks(native)).resolves.toBeUndefined();
  });
});
