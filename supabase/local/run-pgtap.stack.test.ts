import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runPgtap } from "./run-pgtap.ts";

test("runs each file in a transaction of its own and tells every way to fail", async () => {
  const dir = await mkdtemp(join(tmpdir(), "pulseboard-pgtap-"));
  const files: Record<string, string> = {
    "fixtures.sql":
      "create table public.things (id int); revoke all on public.things from authenticated; grant select, insert on public.things to authenticated;",
    "a_good_test.sql": `set transaction isolation level repeatable read;
      select plan(3);
      set local role authenticated;
      insert into public.things values (1);
      select is((select count(*)::int from public.things), 1, 'one thing');
      select throws_ok($$ delete from public.things $$, '42501', null, 'not deleted');
      select col_type_is('public', 'things', 'id', 'integer', 'id is a number');
      select * from finish();`,
    "b_clean_test.sql":
      "select plan(1); select is_empty('select * from public.things', 'nothing of the file before'); select * from finish();",
    "c_wrong_test.sql": "select plan(1); select is(1, 2, 'one is two'); select * from finish();",
    "d_short_test.sql": "select plan(2); select pass('one'); select * from finish();",
    "e_unplanned_test.sql": "select 'ok 1 - said by nobody';",
    "f_broken_test.sql": "select plan(2);\nselect pass('before');\nselect 1/0;\n",
  };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(dir, name), text)));
  const seen: string[] = [];
  const summary = await runPgtap({
    dir,
    onResult: ({ ok, file, description }) => seen.push(`${ok} ${file} ${description}`),
  });
  await rm(dir, { recursive: true });
  expect(seen).toEqual([
    "true a_good_test.sql one thing",
    "true a_good_test.sql not deleted",
    "true a_good_test.sql id is a number",
    "true b_clean_test.sql nothing of the file before",
    "false c_wrong_test.sql one is two",
    "true d_short_test.sql one",
    "false d_short_test.sql planned 2 tests but ran 1",
    "true e_unplanned_test.sql said by nobody",
    "false e_unplanned_test.sql the file has no plan; begin it with select plan(n)",
    "true f_broken_test.sql before",
    "false f_broken_test.sql the file ended early, line 3: division by zero",
  ]);
  expect(summary).toMatchObject({ passed: 7, failed: 4 });
  expect(summary.output).toContain("not ok 5 - c_wrong_test.sql: one is two\n# Failed test 1");
  expect(summary.output.endsWith("1..11")).toBe(true);
});
