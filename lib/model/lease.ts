import type { EpochMs } from "#lib/time.ts";

/** Which controller holds a machine. Renewed about every 2 s, so it is also the heartbeat of the whole chain. */
export type Lease = {
  machineId: string;
  controller: string;
  driver: string;
  fenceToken: number;
  acquiredAt: EpochMs;
  renewedAt: EpochMs;
  expiresAt: EpochMs;
  isSimulated: boolean;
};

/** True while the database still lets this controller write. `now` is server time. */
export const isLeaseHeld = (lease: Lease | null, now: EpochMs): boolean =>
  lease !== null && lease.expiresAt > now;
