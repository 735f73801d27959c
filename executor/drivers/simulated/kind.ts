import { pacedClock } from "#executor/drivers/clock.ts";
import { type DriverKind, speedOf } from "#executor/drivers/driver-kind.ts";
import { simulatedDriver } from "#executor/drivers/simulated/driver.ts";
import { seededRandom, seedOf } from "#executor/drivers/simulated/random.ts";
import { RestingReactor } from "#executor/drivers/simulated/resting-reactor.ts";
import { simulationSettings } from "#executor/drivers/simulated/settings.ts";
import { epochMs } from "#lib/time.ts";

/** Simulated reactors. */
export const simulatedKind: DriverKind = {
  name: "simulated",
  isSimulated: true,
  create: ({ runId, program, runParameters, virtualConfig, listener }) => {
    const parsed = simulationSettings(virtualConfig, runParameters);
    if (!parsed.ok) return parsed;
    const { settings } = parsed;
    const speed = speedOf(runParameters);
    const clock = pacedClock(epochMs(Date.now()), speed);
    const seed = settings.seed ?? seedOf(runId);
    return { ok: true, driver: simulatedDriver({ program, settings, seed, clock, listener, speed }) };
  },
  atRest: ({ machineId, parameters }) => {
    const reactor = new RestingReactor(parameters, seededRandom(seedOf(machineId)));
    let readAt = performance.now();
    return {
      read: () => {
        const now = performance.now();
        reactor.advance(now - readAt);
        readAt = now;
        return reactor.read();
      },
    };
  },
};
