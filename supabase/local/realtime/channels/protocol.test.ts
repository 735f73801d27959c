import { describe, expect, test } from "vitest";
import { decodeBinaryFrame, decodeFrame, encodeChange, encodeFrame, protocolVersion } from "./protocol.ts";

const FRAME = { joinRef: "1", ref: "2", topic: "realtime:t", event: "phx_join", payload: { config: {} } };

test.each([
  [null, 1],
  ["1.0.0", 1],
  ["2.0.0", 2],
  ["3.0.0", null],
  ["", null],
])("vsn %s is version %s", (vsn, version) => {
  expect(protocolVersion(vsn)).toBe(version);
});

test("version 2 is an array, version 1 an object, and both read what they write", () => {
  expect(encodeFrame(2, FRAME)).toBe('["1","2","realtime:t","phx_join",{"config":{}}]');
  expect(JSON.parse(encodeFrame(1, FRAME))).toEqual({
    join_ref: "1",
    ref: "2",
    topic: "realtime:t",
    event: "phx_join",
    payload: { config: {} },
  });
  expect(decodeFrame(2, encodeFrame(2, FRAME))).toEqual(FRAME);
  expect(decodeFrame(1, encodeFrame(1, FRAME))).toEqual(FRAME);
});

test("version 1 may leave the join reference out, and refs may be numbers", () => {
  expect(decodeFrame(1, '{"topic":"phoenix","event":"heartbeat","payload":null,"ref":7}')).toEqual({
    joinRef: null,
    ref: "7",
    topic: "phoenix",
    event: "heartbeat",
    payload: {},
  });
});

test.each([
  [2, "hello"],
  [2, "{}"],
  [2, '["1","2","t","e"]'],
  [2, '["1","2",3,"e",{}]'],
  [1, "[]"],
  [1, "null"],
  [1, '{"topic":"t"}'],
] as const)("version %i refuses %s", (version, text) => {
  expect(decodeFrame(version, text)).toBeNull();
});

test("a change frame carries prepared JSON and no join reference", () => {
  expect(JSON.parse(encodeChange(2, 'realtime:"x"', [3, 5], '{"a":1}'))).toEqual([
    null,
    null,
    'realtime:"x"',
    "postgres_changes",
    { ids: [3, 5], data: { a: 1 } },
  ]);
  expect(JSON.parse(encodeChange(1, "realtime:x", [3], "{}"))).toEqual({
    ref: null,
    topic: "realtime:x",
    event: "postgres_changes",
    payload: { ids: [3], data: {} },
  });
});

describe("a binary frame", () => {
  test("of a broadcast push gives who is to be answered", () => {
    const texts = ["1", "23", "realtime:ü", "hello", ""].map((text) => Buffer.from(text));
    const head = Buffer.from([3, ...texts.map((text) => text.length), 1]);
    expect(decodeBinaryFrame(Buffer.concat([head, ...texts, Buffer.from("{}")]))).toEqual({
      joinRef: "1",
      ref: "23",
      topic: "realtime:ü",
      event: "broadcast",
      payload: {},
    });
  });

  test("of another kind, or too short, is none", () => {
    expect(decodeBinaryFrame(Buffer.from([4, 0, 0, 0, 0, 0, 0]))).toBeNull();
    expect(decodeBinaryFrame(Buffer.from([3, 1]))).toBeNull();
  });
});
