import { readFile } from "node:fs/promises";

const LIST = new URL("../released-migrations.sha256", import.meta.url);

/** The migrations that databases in use may hold, in order, as `sha256sum` listed them at the release. */
export async function readReleased(): Promise<{ fileName: string; sha256: string }[]> {
  const lines = (await readFile(LIST, "utf8")).trimEnd().split("\n");
  return lines.map((line) => {
    const [sha256 = "", fileName = ""] = line.split("  ");
    return { fileName, sha256 };
  });
}
