import { hostClock, pacedClock } from "#executor/drivers/clock.ts";
import { type DriverKind, speedOf } from "#executor/drivers/driver-kind.ts";
import { simulatedDriver } from "#executor/drivers/simulated/driver.ts";
import { seedOf } from "#executor/drivers/simulated/random.ts";
import { simulationSettings } from "#executor/drivers/simulated/settings.ts";
import { epochMs } from "#lib/time.ts";

/** Simulated reactors. At speed 1 time is measured on the host's clock, otherwise it is simulated and only paced by it. */
export const simulatedKind: DriverKind = {
  name: "simulated",
  isSimulated: true,
  create: ({ runId, program, runParameters, virtualConfig, listener }) => {
    const parsed = simulationSettings(virtualConfig, runParameters);
    if (!parsed.ok) return parsed;
    const { settings } = parsed;
    const speed = speedOf(runParameters);
    const now = epochMs(Date.now());
    const clock = speed === 1 ? hostClock(now) : pacedClock(now, speed);
    const seed = settings.seed ?? seedOf(runId);
    return { ok: true, driver: simulatedDriver({ program, settings, seed, clock, listener, speed }) };
  },
};
