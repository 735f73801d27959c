// An ordered queue on disk between the machine's clock and the database. What is appended is written at once and
// forced to disk at most every 100 ms, so a crash of the program loses nothing that was written and a loss of power at
// most that. Entries leave when they are acknowledged; unacknowledged ones are read again after a restart, so what
// reads them must be harmless when done twice. Guarded by outbox.test.ts.

import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { makeFolder } from "#lib/data-folder.ts";

const SYNC_EVERY_MS = 100;
const READ_BYTES = 256 * 1024;
const RETRY_WRITE_MS = 1000;
const NEWLINE = 0x0a;

export type Batch<Entry> = {
  entries: Entry[] /** What to acknowledge once all entries are delivered. */;
  end: number;
};

export class Outbox<Entry extends object> {
  readonly #file: FileHandle;
  readonly #ackFile: FileHandle;
  readonly #onFault: (message: string) => void;
  #unwritten: string[] = [];
  #written: number;
  #acknowledged: number;
  #work: Promise<void> = Promise.resolve();
  #isWriting = false;
  #isClosed = false;
  #syncTimer: NodeJS.Timeout | null = null;
  #waiting: (() => void)[] = [];

  private constructor(
    file: FileHandle,
    ackFile: FileHandle,
    size: number,
    ack: number,
    onFault: (m: string) => void,
  ) {
    this.#file = file;
    this.#ackFile = ackFile;
    this.#written = size;
    this.#acknowledged = ack;
    this.#onFault = onFault;
  }

  /** Opens the queue kept in `path` (and `path`.ack), cutting off a line that a crash left half written. */
  static async open<Entry extends object>(
    path: string,
    onFault: (message: string) => void,
  ): Promise<Outbox<Entry>> {
    await makeFolder(dirname(path));
    const file = await open(path, "a+", 0o600);
    const ackFile = await open(`${path}.ack`, "a+", 0o600).then(async (created) => {
      await created.close();
      return open(`${path}.ack`, "r+");
    });
    const size = await wholeLines(file);
    await file.truncate(size);
    const noted = Number((await ackFile.readFile("utf8")).trim());
    const ack = Number.isSafeInteger(noted) && noted <= size ? noted : 0;
    const outbox = new Outbox<Entry>(file, ackFile, size, ack, onFault);
    await outbox.#note();
    return outbox;
  }

  /** Queues an entry. Returns at once; nothing is awaited here, so a driver may call it between two valve edges. */
  append(entry: Entry): void {
    if (this.#isClosed) throw new Error("an entry was queued after the queue was closed");
    this.#unwritten.push(`${JSON.stringify(entry)}\n`);
    if (this.#isWriting) return;
    this.#isWriting = true;
    this.#enqueue(() => this.#write());
  }

  isEmpty(): boolean {
    return !this.#isWriting && this.#unwritten.length === 0 && this.#acknowledged === this.#written;
  }

  /** Settles when there is something to read, when the signal aborts, or after `limitMs`. */
  async waitForEntries(signal: AbortSignal, limitMs?: number): Promise<void> {
    if (this.#acknowledged < this.#written || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    const onAbort = () => resolve();
    signal.addEventListener("abort", onAbort, { once: true });
    const timer = limitMs === undefined ? undefined : setTimeout(resolve, limitMs);
    await promise;
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    this.#waiting = this.#waiting.filter((wake) => wake !== resolve);
  }

  /** The oldest unacknowledged entries, as many as fit in 256 KiB; none when the queue is empty. */
  async read(): Promise<Batch<Entry>> {
    const from = this.#acknowledged;
    const bytes = await this.#bytes(from, Math.min(READ_BYTES, this.#written - from));
    const whole = bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
    const lines = whole.toString("utf8").split("\n").slice(0, -1);
    if (lines.length === 0 && this.#written > from)
      throw new Error(`an entry of the queue is over ${READ_BYTES} bytes`);
    return { entries: lines.map((line): Entry => JSON.parse(line)), end: from + whole.length };
  }

  /** Everything before `end` is delivered. The note of it is written soon; a crash before that delivers again. */
  acknowledge(end: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, end);
    this.#enqueue(() => this.#note());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#work;
    if (this.#syncTimer !== null) clearTimeout(this.#syncTimer);
    await this.#file.datasync();
    await this.#file.close();
    await this.#ackFile.close();
  }

  #enqueue(task: () => Promise<void>): void {
    this.#work = this.#work.then(task).catch((fault: Error) => this.#onFault(fault.message));
  }

  async #write(): Promise<void> {
    while (this.#unwritten.length > 0) {
      const lines = this.#unwritten;
      this.#unwritten = [];
      const text = Buffer.from(lines.join(""));
      try {
        await this.#file.appendFile(text);
      } catch (fault) {
        this.#onFault(`the report queue cannot be written and is kept in memory: ${String(fault)}`);
        await this.#file.truncate(this.#written);
        this.#unwritten = [...lines, ...this.#unwritten];
        if (this.#isClosed) break;
        await new Promise((resolve) => setTimeout(resolve, RETRY_WRITE_MS));
        continue;
      }
      this.#written += text.length;
      this.#syncTimer ??= setTimeout(() => this.#sync(), SYNC_EVERY_MS);
      for (const wake of this.#waiting) wake();
    }
    this.#isWriting = false;
  }

  #sync(): void {
    this.#syncTimer = null;
    if (!this.#isClosed) this.#file.datasync().catch((fault: Error) => this.#onFault(fault.message));
  }

  /** Empties the file when all of it is delivered; the file first, so that a crash in between delivers nothing twice. */
  async #note(): Promise<void> {
    if (this.#acknowledged === this.#written && this.#unwritten.length === 0) {
      await this.#file.truncate(0);
      this.#written = 0;
      this.#acknowledged = 0;
    }
    await this.#ackFile.write(`${String(this.#acknowledged).padStart(16)}\n`, 0);
  }

  async #bytes(from: number, count: number): Promise<Buffer> {
    const buffer = Buffer.alloc(count);
    const { bytesRead } = await this.#file.read(buffer, 0, count, from);
    return buffer.subarray(0, bytesRead);
  }
}

/** Size of the file up to and including its last newline. */
async function wholeLines(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  for (let end = size; end > 0; ) {
    const from = Math.max(0, end - READ_BYTES);
    const chunk = Buffer.alloc(end - from);
    await file.read(chunk, 0, chunk.length, from);
    const at = chunk.lastIndexOf(NEWLINE);
    if (at >= 0) return from + at + 1;
    end = from;
  }
  return 0;
}
