import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { type RawData, WebSocket, WebSocketServer } from "ws";

/** Table rows as Realtime describes them; learnt from the first real change that passes. */
type Template = { topic: string; ids: readonly number[]; columns: unknown };

/**
 * Stands between a browser and the gateway and lets everything through. On top of what really happens it tells every
 * browser of changes that only a script knows: a load that this machine's database could not bear beside a browser.
 */
export type FeedRelay = {
  url: string;
  /** Resolves when the next real change of the table passes, which says how a change of it looks. */
  learnt(table: string): Promise<void>;
  /** Sends one update of a row to every page that has asked for the table. */
  tell(table: string, record: object): void;
  close(): Promise<void>;
};

export async function openFeedRelay(gatewayUrl: string): Promise<FeedRelay> {
  const gateway = new URL(gatewayUrl);
  const pages = new Map<WebSocket, Map<string, Template>>();
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  const server = createServer((request, response) => {
    const { method, url: path, headers } = request;
    const onward = send({ host: gateway.hostname, port: gateway.port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (page) => {
      const onward = new WebSocket(`ws://${gateway.host}${request.url}`);
      const templates = new Map<string, Template>();
      pages.set(page, templates);
      connect(page, onward, (text) => {
        const table = learn(templates, text);
        if (table !== null) waiting.get(table)?.resolve();
      });
      page.on("close", () => pages.delete(page));
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    learnt(table) {
      const next = Promise.withResolvers<void>();
      waiting.set(table, next);
      return next.promise;
    },
    tell(table, record) {
      for (const [page, templates] of pages) {
        const template = templates.get(table);
        if (template) page.send(changeText(table, template, record));
      }
    },
    async close() {
      for (const page of pages.keys()) page.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function connect(page: WebSocket, onward: WebSocket, onText: (text: string) => void): void {
  const early: string[] = [];
  page.on("message", (data: RawData) => {
    if (onward.readyState === WebSocket.OPEN) onward.send(String(data));
    else early.push(String(data));
  });
  onward.on("open", () => {
    for (const text of early.splice(0)) onward.send(text);
  });
  onward.on("message", (data: RawData) => {
    onText(String(data));
    page.send(String(data));
  });
  onward.on("close", () => page.close());
  onward.on("error", () => page.terminate());
  page.on("close", () => onward.close());
}

/** How the second version of the protocol, which the page's client speaks, puts a message. */
type Message = [joinRef: unknown, ref: unknown, topic: string, event: string, payload: unknown];

/** Takes a table's template from a real change; answers the table when it has done so. */
function learn(templates: Map<string, Template>, text: string): string | null {
  const [, , topic, event, payload] = JSON.parse(text) as Message;
  if (event !== "postgres_changes") return null;
  const { ids, data } = payload as { ids: number[]; data: { table: string; type: string; columns: unknown } };
  if (data.type !== "UPDATE") return null;
  templates.set(data.table, { topic, ids, columns: data.columns });
  return data.table;
}

function changeText(table: string, { topic, ids, columns }: Template, record: object): string {
  const about = { schema: "public", table, commit_timestamp: new Date().toISOString(), type: "UPDATE" };
  const data = { ...about, columns, record, old_record: {}, errors: null };
  return JSON.stringify([null, null, topic, "postgres_changes", { ids, data }] satisfies Message);
}
