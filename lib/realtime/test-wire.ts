import { connect, createServer, type Socket } from "node:net";

// For stack tests: a real TCP line to the stack that can be cut, go dead without a word, or know no WebSocket.

export type Wire = {
  url: string;
  /** Connections that asked for a WebSocket, refused ones too. */
  attempts(): number;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  mend(): void;
  /** Nothing passes any more in either direction, and nobody is told; what was sent arrives when it is over. */
  goDead(isDead: boolean): void;
  /** As a proxy that lets plain requests through and answers an upgrade with 400. */
  refuseUpgrades(isRefusing: boolean): void;
  close(): Promise<void>;
};

const REFUSAL = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

type State = { isCut: boolean; isDead: boolean; isRefusing: boolean; attempts: number };

/** Opens one on a free port. */
export async function openWire(apiUrl: string): Promise<Wire> {
  const { hostname, port } = new URL(apiUrl);
  const sockets = new Set<Socket>();
  const state: State = { isCut: false, isDead: false, isRefusing: false, attempts: 0 };
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    if (state.isDead) socket.pause();
  };
  const server = createServer((near) => {
    if (state.isCut) return near.destroy();
    keep(near);
    const far = connect(Number(port), hostname);
    keep(far);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    far.on("data", (data) => near.write(data));
    // A client may ask for a WebSocket over a connection that it has used for plain requests before.
    near.on("data", (data) => {
      const isUpgrade = /^upgrade: *websocket/im.test(data.toString("latin1"));
      if (isUpgrade) state.attempts += 1;
      if (isUpgrade && state.isRefusing) near.end(REFUSAL);
      else far.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the wire has no port");
  const cut = (): void => {
    state.isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    attempts: () => state.attempts,
    cut,
    mend: () => {
      state.isCut = false;
    },
    goDead: (isDead) => {
      state.isDead = isDead;
      for (const socket of sockets) isDead ? socket.pause() : socket.resume();
    },
    refuseUpgrades: (isRefusing) => {
      state.isRefusing = isRefusing;
    },
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
