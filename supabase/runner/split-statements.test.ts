import { describe, expect, test } from "vitest";
import { fingerprint, splitStatements } from "./split-statements.ts";

const texts = (sql: string): string[] => splitStatements(sql).map((statement) => statement.text);

describe("splitStatements", () => {
  test("cuts at semicolons and trims", () => {
    expect(texts(" select 1 ;\n\n select 2;; select 3")).toEqual(["select 1", "select 2", "select 3"]);
  });

  test.each([
    ["a string", "select 'a;b''c;d'"],
    ["an escape string", "select e'it\\'s; so', E'\\\\'"],
    ["a plain string ending in a backslash", "select 'a\\'"],
    ["a quoted identifier", 'select 1 as "a;""b;"'],
    ["a dollar quote", "do $$ begin perform 1; end; $$"],
    ["a tagged dollar quote holding another", "do $outer$ begin execute $$select 1;$$; end; $outer$"],
    ["a line comment", "select 1 -- one; two\n + 1"],
    ["a nested block comment", "select /* a; /* b; */ c; */ 1"],
    ["an identifier with dollar signs", "select a$b$c, d$b$ from t"],
    ["parentheses", "create rule r as on insert to t do also (insert into u values (1); select 1)"],
  ])("keeps the semicolons of %s", (_what, sql) => {
    expect(texts(`${sql};select 2;`)).toEqual([sql, "select 2"]);
  });

  test("keeps an SQL-standard function body whole, with case expressions inside", () => {
    const create = `create function f(a int) returns int language sql begin atomic
      select case when a > 1 then (case a when 2 then 3 end) else 4 end;
      select 2;
    end`;
    expect(texts(`${create}; select 1;`)).toEqual([create, "select 1"]);
  });

  test("does not take the words begin and atomic in other places for a body", () => {
    expect(texts("select 'begin atomic'; select atomic from begin; select 1")).toHaveLength(3);
  });

  test("keeps a comment with the statement after it and a last comment alone", () => {
    const pieces = splitStatements("-- why\nselect 1;\n/* rollback\ndrop table t;\nrollback */\n");
    expect(pieces.map((piece) => [piece.text, piece.isComment])).toEqual([
      ["-- why\nselect 1", false],
      ["/* rollback\ndrop table t;\nrollback */", true],
    ]);
  });

  test("gives the offsets of each statement", () => {
    const sql = "  select 1;\n select 2";
    expect(splitStatements(sql).map(({ start, end }) => sql.slice(start, end))).toEqual([
      "select 1",
      "select 2",
    ]);
  });
});

describe("fingerprint", () => {
  test("does not see spacing, comments and cutting", () => {
    expect(fingerprint("select  1;-- x\nselect 2")).toBe(fingerprint("select 1 /* y */\n;\nselect 2;"));
  });

  test("sees a changed word, string and function body", () => {
    expect(fingerprint("select 1")).not.toBe(fingerprint("select 2"));
    expect(fingerprint("select 'a b'")).not.toBe(fingerprint("select 'a  b'"));
    expect(fingerprint("do $$ a; $$")).not.toBe(fingerprint("do $$ b; $$"));
  });
});
