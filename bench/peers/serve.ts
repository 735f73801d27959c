import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "vite";
import { HEIGHT, WIDTH } from "#bench/peers/peer.ts";
import type { Session } from "#scripts/start/session.ts";

const run = promisify(execFile);

/** Fetched when they are measured and never installed: nothing of the product needs them. */
const SCRIPTS = [
  { version: "echarts@6.1.0", file: "dist/echarts.min.js" },
  { version: "vis-timeline@8.5.4", file: "standalone/umd/vis-timeline-graph2d.min.js" },
] as const;

export type PeerSteps = { lanes: string[]; numbers: number[] };

/**
 * Serves `bench/peers/page.ts` with what it needs, until the session ends; answers with the address. Throws what npm says
 * when a chart cannot be fetched.
 */
export async function servePeers(
  { defer }: Session,
  stepsOf: (count: number) => Promise<PeerSteps>,
): Promise<string> {
  const [page, ...scripts] = await Promise.all([buildPage(), ...SCRIPTS.map(fetchScript)]);
  const html = [
    "<!doctype html><meta charset=utf-8><title>Charts</title>",
    `<div id=chart style="width:${WIDTH}px;height:${HEIGHT}px"></div>`,
    ...scripts.map((_, at) => `<script src="/script/${at}"></script>`),
    '<script type="module" src="/page.js"></script>',
  ].join("\n");
  const server = createServer((request, response) => {
    const [, kind, name] = (request.url ?? "").split(/[/?]/);
    const send = (type: string, body: string) => response.writeHead(200, { "content-type": type }).end(body);
    if (kind === "page.js") return send("text/javascript", page);
    if (kind === "script") return send("text/javascript", scripts[Number(name)] ?? "");
    if (kind === "chart") return send("text/html", html);
    if (kind !== "steps") return response.writeHead(404).end();
    stepsOf(Number(name)).then(
      (steps) => send("application/json", JSON.stringify(steps)),
      (fault) => response.writeHead(500).end(String(fault)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  defer(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function buildPage(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      write: false,
      lib: { entry: join(import.meta.dirname, "page.ts"), formats: ["es"] },
    },
  });
  const output = [built].flat().flatMap((part) => ("output" in part ? part.output : []));
  const code = output.find((part) => part.type === "chunk")?.code;
  if (code === undefined) throw new Error("the page of the other charts was not built");
  return code;
}

async function fetchScript({ version, file }: (typeof SCRIPTS)[number]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "pulseboard-peer-"));
  try {
    await run("npm", ["pack", "--silent", version], { cwd: folder });
    const [archive] = await readdir(folder);
    await run("tar", ["-xzf", archive ?? "", `package/${file}`], { cwd: folder });
    return await readFile(join(folder, "package", file), "utf8");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
