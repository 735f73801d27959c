import type { Pool } from "pg";
import type { Keys } from "../keys.ts";
import type { AttemptLimit } from "./attempt-limit.ts";

/** What every route of one auth service shares. `now` is milliseconds of the epoch. */
export type AuthContext = {
  pool: Pool;
  keys: Keys;
  now: () => number;
  lifetimeSeconds: number;
  reuseWindowMs: number;
  attempts: AttemptLimit;
};
