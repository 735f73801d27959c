import {
  type CommandRow,
  type ControllerClient,
  parseCommand,
} from "#executor/reporter/controller-client.ts";
import { backoffMs } from "#executor/reporter/retry.ts";
import { type OpenFeed, supabaseTransport } from "#lib/supabase/open-feed.ts";

/**
 * Commands for one machine as soon as Realtime tells of them. A doorbell only: what it misses, the renewal of the
 * lease brings, which is why `isLive` decides how often that happens.
 */
export class CommandFeed {
  readonly #client: ControllerClient;
  readonly #machineId: string;
  readonly #onCommand: (command: CommandRow) => void;
  #feed: OpenFeed | null = null;
  #isLive = false;
  #isClosed = false;
  #failures = 0;
  #reopening: NodeJS.Timeout | null = null;

  constructor(client: ControllerClient, machineId: string, onCommand: (command: CommandRow) => void) {
    this.#client = client;
    this.#machineId = machineId;
    this.#onCommand = onCommand;
    this.#open();
  }

  isLive(): boolean {
    return this.#isLive && this.#client.isLinkUp();
  }

  close(): void {
    this.#isClosed = true;
    this.#isLive = false;
    if (this.#reopening !== null) clearTimeout(this.#reopening);
    this.#feed?.close();
  }

  #open(): void {
    const filter = `machine_id=eq.${this.#machineId}`;
    const scope = {
      name: `commands-${this.#machineId}`,
      bindings: [{ table: "machine_commands", filter }] as const,
    };
    this.#feed = supabaseTransport(this.#client.supabase).open(scope, {
      subscribed: () => undefined,
      system: (isOk) => {
        this.#isLive = isOk;
        if (isOk) this.#failures = 0;
      },
      // The library brings this one back by itself.
      failed: () => {
        this.#isLive = false;
      },
      refused: () => {
        this.#isLive = false;
      },
      closed: () => this.#reopen(),
      change: ({ row }) => {
        const command = this.#client.isLinkUp() ? parseCommand(row) : null;
        if (command !== null) this.#onCommand(command);
      },
    });
  }

  #reopen(): void {
    this.#isLive = false;
    if (this.#isClosed || this.#reopening !== null) return;
    this.#failures += 1;
    this.#reopening = setTimeout(() => {
      this.#reopening = null;
      this.#open();
    }, backoffMs(this.#failures));
  }
}
