/** A websocket that speaks the protocol by hand, for what the client library would never send. */
import { WebSocket } from "ws";

export type RawFrame = {
  joinRef: string | null;
  ref: string | null;
  topic: string;
  event: string;
  payload: unknown;
};

export type RawSocket = {
  ws: WebSocket;
  frames: RawFrame[];
  /** Sends one version 2 frame. */
  send(joinRef: string | null, ref: string, topic: string, event: string, payload: unknown): void;
  /** Resolves with the first frame, heard already or to come, that fits. */
  frame(fits: (frame: RawFrame) => boolean): Promise<RawFrame>;
  /** Resolves with the answer to a heartbeat: everything sent before it has been handled by then. */
  heartbeat(): Promise<RawFrame>;
};

/** Opens one at the address of a stack or an own server. */
export async function openRawSocket(url: string, apiKey: string, vsn = "2.0.0"): Promise<RawSocket> {
  const ws = new WebSocket(`${url.replace("http", "ws")}/realtime/v1/websocket?apikey=${apiKey}&vsn=${vsn}`);
  const frames: RawFrame[] = [];
  const arrivals = new EventTarget();
  ws.on("message", (data) => {
    const [joinRef, ref, topic, event, payload] = JSON.parse(String(data));
    frames.push({ joinRef, ref, topic, event, payload });
    arrivals.dispatchEvent(new Event("arrival"));
  });
  await new Promise((resolve, reject) => ws.once("open", resolve).once("error", reject));
  let beats = 0;
  const socket: RawSocket = {
    ws,
    frames,
    send: (...fields) => ws.send(JSON.stringify(fields)),
    frame: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          const found = frames.find(fits);
          if (found === undefined) return;
          arrivals.removeEventListener("arrival", look);
          resolve(found);
        };
        arrivals.addEventListener("arrival", look);
        look();
      }),
    heartbeat: () => {
      beats += 1;
      const ref = `heartbeat-${beats}`;
      socket.send(null, ref, "phoenix", "heartbeat", {});
      return socket.frame((frame) => frame.ref === ref);
    },
  };
  return socket;
}
