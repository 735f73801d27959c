import { expect, test } from "vitest";
import { csvRow } from "./csv.ts";

test("a cell is quoted where it must be, and nothing where nothing is known", () => {
  expect(csvRow(["a", 1.5, null, true, 'say "no", please', "two\nlines"])).toBe(
    'a,1.5,,true,"say ""no"", please","two\nlines"\r\n',
  );
});

test("no text becomes a formula of a spreadsheet; a number stays a number", () => {
  expect(csvRow(["=1+1", "+1", "-1", "@x", "\tx", -1])).toBe("'=1+1,'+1,'-1,'@x,'\tx,-1\r\n");
});
