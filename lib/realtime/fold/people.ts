import type { Command } from "#lib/model/command.ts";
import type { MachineSnapshot } from "#lib/model/snapshot.ts";

/**
 * Who the people are that a snapshot has named. Messages carry ids only; whoever was named once keeps the name, and
 * somebody new is read once, also when the database has no name to give.
 */
export class People {
  readonly #names = new Map<string, string | null>();

  learn({ commands, run, operatorName }: Pick<MachineSnapshot, "commands" | "run" | "operatorName">): void {
    for (const { requestedBy, requestedByName } of commands) this.#put(requestedBy, requestedByName);
    if (run) this.#put(run.operatorId, operatorName);
  }

  /** True once for somebody who has not been named: the moment to read. */
  isNew(id: string | null): boolean {
    if (id === null || this.#names.has(id)) return false;
    this.#names.set(id, null);
    return true;
  }

  nameOf(id: string | null): string | null {
    return id === null ? null : (this.#names.get(id) ?? null);
  }

  named(command: Command): Command {
    const { requestedBy, requestedByName } = command;
    return requestedByName === null ? { ...command, requestedByName: this.nameOf(requestedBy) } : command;
  }

  #put(id: string | null, name: string | null): void {
    if (id !== null) this.#names.set(id, name ?? this.#names.get(id) ?? null);
  }
}
