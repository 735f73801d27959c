import { open, stat, truncate } from "node:fs/promises";

const LIMIT_BYTES = 4 * 1024 * 1024;

/** Empties a log that has grown too long. Returns the offset where what is written from now on begins. */
export async function trimLog(file: string): Promise<number> {
  const size = await stat(file).then(
    (info) => info.size,
    () => 0,
  );
  if (size < LIMIT_BYTES) return size;
  await truncate(file);
  return 0;
}

/** The text of a log file from an offset on. */
export async function readLogFrom(file: string, start: number): Promise<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const length = Math.max(0, size - start);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
