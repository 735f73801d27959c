import pg from "pg";
import { expect, test } from "vitest";
import { TextPgoutput } from "./pgoutput.ts";

const BOOL = 16;
const INT8 = 20;
const JSONB = 3802;
const TIMESTAMPTZ = 1184;

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function int(bytes: 2 | 4, value: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeIntBE(value, 0, bytes);
  return buffer;
}

function relation(columns: [string, number][]): Buffer {
  const described = columns.map(([name, oid]) =>
    Buffer.concat([Buffer.from([0]), text(name), int(4, oid), int(4, -1)]),
  );
  return Buffer.concat([
    Buffer.from("R"),
    int(4, 7),
    text("public"),
    text("t"),
    Buffer.from("d"),
    int(2, columns.length),
    ...described,
  ]);
}

function insert(values: string[]): Buffer {
  const fields = values.map((value) =>
    Buffer.concat([Buffer.from("t"), int(4, Buffer.byteLength(value)), Buffer.from(value)]),
  );
  return Buffer.concat([Buffer.from("I"), int(4, 7), Buffer.from("N"), int(2, values.length), ...fields]);
}

test("values stay text, and the parsers of everyone else stay what they are", () => {
  const parsersBefore = [BOOL, INT8, JSONB, TIMESTAMPTZ].map((oid) => pg.types.getTypeParser(oid));
  const plugin = new TextPgoutput({ protoVersion: 1, publicationNames: ["p"] });
  plugin.parse(
    relation([
      ["flag", BOOL],
      ["big", INT8],
      ["doc", JSONB],
      ["at", TIMESTAMPTZ],
    ]),
  );
  const message = plugin.parse(insert(["t", "9007199254740993", '{"a":1}', "2019-05-24 10:00:00+00"]));
  expect(message).toMatchObject({
    tag: "insert",
    new: { flag: "t", big: "9007199254740993", doc: '{"a":1}', at: "2019-05-24 10:00:00+00" },
  });
  expect([BOOL, INT8, JSONB, TIMESTAMPTZ].map((oid) => pg.types.getTypeParser(oid))).toEqual(parsersBefore);
  expect(pg.types.getTypeParser(BOOL)("t")).toBe(true);
  expect(pg.types.getTypeParser(JSONB)('{"a":1}')).toEqual({ a: 1 });
});
