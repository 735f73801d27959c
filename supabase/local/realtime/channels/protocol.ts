/**
 * Frames of the Phoenix channel protocol as realtime-js speaks it. Version 1 is a JSON object, version 2 a JSON
 * array `[join_ref, ref, topic, event, payload]`; binary frames exist only for broadcast pushes.
 */
export type ProtocolVersion = 1 | 2;

export type Frame = {
  joinRef: string | null;
  ref: string | null;
  topic: string;
  event: string;
  payload: unknown;
};

const USER_BROADCAST_PUSH = 3;

/** The version a client asks for with `vsn=`; null when it is one we do not speak. Missing means 1, as hosted. */
export function protocolVersion(vsn: string | null): ProtocolVersion | null {
  if (vsn === null || vsn.startsWith("1.")) return 1;
  return vsn.startsWith("2.") ? 2 : null;
}

/** Reads a text frame; null when it is not one (the socket is then not speaking our protocol). */
export function decodeFrame(version: ProtocolVersion, text: string): Frame | null {
  const value = parseJson(text);
  const fields = version === 2 ? arrayFields(value) : objectFields(value);
  if (fields === null) return null;
  const [joinRef, ref, topic, event, payload] = fields;
  if (typeof topic !== "string" || typeof event !== "string") return null;
  return { joinRef: asRef(joinRef), ref: asRef(ref), topic, event, payload: payload ?? {} };
}

/** Reads the header of a binary broadcast push, enough to answer it; null for any other binary message. */
export function decodeBinaryFrame(data: Buffer): Frame | null {
  if (data.length < 7 || data[0] !== USER_BROADCAST_PUSH) return null;
  const texts: string[] = [];
  let offset = 7;
  for (const length of data.subarray(1, 4)) {
    texts.push(data.toString("utf8", offset, offset + length));
    offset += length;
  }
  const [joinRef = "", ref = "", topic = ""] = texts;
  return { joinRef: joinRef || null, ref: ref || null, topic, event: "broadcast", payload: {} };
}

export function encodeFrame(version: ProtocolVersion, frame: Frame): string {
  const { joinRef, ref, topic, event, payload } = frame;
  if (version === 2) return JSON.stringify([joinRef, ref, topic, event, payload]);
  return JSON.stringify({ join_ref: joinRef, ref, topic, event, payload });
}

/** A `postgres_changes` frame around data that is JSON already, so that many sockets share one encoding. */
export function encodeChange(
  version: ProtocolVersion,
  topic: string,
  ids: readonly number[],
  dataJson: string,
): string {
  const payload = `{"ids":[${ids.join(",")}],"data":${dataJson}}`;
  const name = JSON.stringify(topic);
  if (version === 2) return `[null,null,${name},"postgres_changes",${payload}]`;
  return `{"ref":null,"topic":${name},"event":"postgres_changes","payload":${payload}}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function arrayFields(value: unknown): unknown[] | null {
  return Array.isArray(value) && value.length === 5 ? value : null;
}

function objectFields(value: unknown): unknown[] | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const frame = value as Record<string, unknown>;
  return [frame["join_ref"], frame["ref"], frame["topic"], frame["event"], frame["payload"]];
}

function asRef(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
