import type { WorkflowSnapshot } from "#lib/model/workflow.ts";
import type { FeedChange, FeedScope } from "#lib/supabase/open-feed.ts";
import { projectRow, subtaskRow, workflowStepRow } from "#lib/supabase/rows/workflow.ts";
import { type EpochMs, elapsed } from "#lib/time.ts";
import type { Fold } from "./fold.ts";
import { keepSame } from "./same-value.ts";

/**
 * A row added while a snapshot was under way is missing from it and still there; younger than this, its absence proves
 * nothing yet. The next read does.
 */
const YOUNG_MS = 10_000;

/** The whole work plan. Of two readings of a row the one changed later counts; the database moves updated_at only forward. */
export class WorkflowFold implements Fold<WorkflowSnapshot, WorkflowSnapshot> {
  readonly #projects = new Rows(projectRow);
  readonly #subtasks = new Rows(subtaskRow);
  readonly #steps = new Rows(workflowStepRow);
  #serverTime: EpochMs;
  #live: WorkflowSnapshot | null = null;

  constructor(initial: WorkflowSnapshot) {
    this.#serverTime = initial.serverTime;
    this.putSnapshot(initial);
  }

  putSnapshot(snapshot: WorkflowSnapshot): "known" | "news" {
    const before = this.#told();
    const { serverTime, projects, subtasks, steps } = snapshot;
    this.#projects.putAll(projects);
    this.#subtasks.putAll(subtasks);
    this.#steps.putAll(steps);
    if (serverTime >= this.#serverTime) {
      this.#serverTime = serverTime;
      this.#projects.keepOnly(projects, serverTime);
      this.#subtasks.keepOnly(subtasks, serverTime);
      this.#steps.keepOnly(steps, serverTime);
    }
    return this.#told().every((part, i) => part === before[i]) ? "known" : "news";
  }

  #told(): readonly unknown[] {
    return [this.#projects.list(), this.#subtasks.list(), this.#steps.list()];
  }

  nextBeat() {
    return null;
  }

  putChange(change: FeedChange): "taken" | "unknown" {
    // Who was deleted is not said; which rows are left, the next read tells.
    if (change.kind === "DELETE" || change.isTruncated) return "unknown";
    if (change.table === "projects") this.#projects.putRow(change.row);
    else if (change.table === "subtasks") this.#subtasks.putRow(change.row);
    else if (change.table === "steps") this.#steps.putRow(change.row);
    return "taken";
  }

  putSteps(): void {
    // Steps of runs; the work plan has none.
  }

  gap() {
    return null;
  }

  scopes(): readonly FeedScope[] {
    return [workflowScope];
  }

  live(): WorkflowSnapshot {
    const next = {
      serverTime: this.#serverTime,
      projects: this.#projects.list(),
      subtasks: this.#subtasks.list(),
      steps: this.#steps.list(),
    };
    const kept = this.#live;
    const isSame = kept?.projects === next.projects && kept.subtasks === next.subtasks;
    this.#live = kept && isSame && kept.steps === next.steps ? kept : next;
    return this.#live;
  }
}

const workflowScope: FeedScope = {
  name: "workflow",
  bindings: [{ table: "projects" }, { table: "subtasks" }, { table: "steps" }],
};

class Rows<Row extends { id: number; updatedAt: EpochMs }> {
  readonly #parse: (row: unknown) => Row;
  readonly #rows = new Map<number, Row>();
  #list: Row[] | null = null;

  constructor(parse: (row: unknown) => Row) {
    this.#parse = parse;
  }

  putAll(rows: readonly Row[]): void {
    for (const row of rows) this.#put(row);
  }

  /** Throws RowFault. */
  putRow(row: unknown): void {
    this.#put(this.#parse(row));
  }

  keepOnly(listed: readonly Row[], at: EpochMs): void {
    const ids = new Set(listed.map((row) => row.id));
    for (const [id, row] of this.#rows) {
      if (ids.has(id) || elapsed(row.updatedAt, at) <= YOUNG_MS) continue;
      this.#rows.delete(id);
      this.#list = null;
    }
  }

  /** The same list as long as nothing changed. */
  list(): readonly Row[] {
    this.#list ??= [...this.#rows.values()];
    return this.#list;
  }

  #put(next: Row): void {
    const kept = this.#rows.get(next.id);
    if (kept !== undefined && next.updatedAt < kept.updatedAt) return;
    const newest = kept === undefined ? next : keepSame(kept, next);
    if (newest === kept) return;
    this.#rows.set(next.id, newest);
    this.#list = null;
  }
}
