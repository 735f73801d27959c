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

/** When this controller must have renewed its lease, if it held one at `heardAt`; else null. */
export const leaseBeat = (lease: Lease | null, heardAt: EpochMs): EpochMs | null =>
  isLeaseHeld(lease, heardAt) ? (lease?.expiresAt ?? null) : null;
