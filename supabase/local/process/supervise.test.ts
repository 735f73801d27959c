import { describe, expect, test } from "vitest";
import type { Child } from "./child.ts";
import { supervise } from "./supervise.ts";

/** A child that lives until `die` is called. */
function fakeChild(pid: number) {
  let die = (): void => undefined;
  let isAlive = true;
  const exited = new Promise<{ code: number; signal: null }>((resolve) => {
    die = () => {
      isAlive = false;
      resolve({ code: 1, signal: null });
    };
  });
  const end = async () => {
    die();
    return exited;
  };
  const child: Child = { pid, exited, isRunning: () => isAlive, signal: () => die(), end };
  return { child, die };
}

async function start(failAt = Number.POSITIVE_INFINITY) {
  const children: ReturnType<typeof fakeChild>[] = [];
  const lines: string[] = [];
  const supervised = await supervise({
    name: "Postgres",
    start: async () => {
      if (children.length + 1 === failAt) throw new Error("no space");
      const made = fakeChild(children.length + 1);
      children.push(made);
      return made;
    },
    end: (child) => child.end([], 0),
    onProgress: (line) => lines.push(line),
  });
  return { supervised, children, lines };
}

describe("supervise", () => {
  test("starts a child again that died by itself", async () => {
    const { supervised, children, lines } = await start();
    children[0]?.die();
    await expect.poll(() => supervised.current().child.pid).toBe(2);
    expect(lines).toEqual(["Postgres died and is started again"]);
  });

  test("takes a wanted restart for no death, and a stop for the end", async () => {
    const { supervised, children, lines } = await start();
    await supervised.restart((child) => child.end([], 0));
    expect(supervised.current().child.pid).toBe(2);
    await supervised.stop();
    expect(children).toHaveLength(2);
    expect(children.every(({ child }) => !child.isRunning())).toBe(true);
    expect(lines).toEqual([]);
  });

  test("gives up after six deaths within a minute", async () => {
    const { children, lines } = await start();
    for (let death = 0; death < 6; death += 1) {
      await expect.poll(() => children.length).toBe(death + 1);
      children[death]?.die();
    }
    await expect
      .poll(() => lines.at(-1))
      .toBe("Postgres died 6 times within a minute and is not started again");
    expect(children).toHaveLength(6);
  });

  test("reports a restart that fails", async () => {
    const { children, lines } = await start(2);
    children[0]?.die();
    await expect.poll(() => lines.at(-1)).toBe("Postgres could not be started again: no space");
  });
});
