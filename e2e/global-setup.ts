import { build } from "#scripts/build/build.ts";
import { openSession } from "#scripts/start/session.ts";
import { startSite } from "#scripts/start/site.ts";
import { SITE_VARIABLE } from "./site.ts";

/** One running product for all tests: the production build, an embedded stack with the demo data, the executor. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const built = await build();
  if (!built.ok) throw new Error(`The web app could not be built:\n${built.output}`);
  const session = openSession();
  try {
    process.env[SITE_VARIABLE] = JSON.stringify(await startSite(session, { demo: true, isDurable: false }));
  } catch (error) {
    await session.close();
    throw error;
  }
  return session.close;
}
