import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../local/stack.ts";
import { MIGRATIONS_DIR, migrate } from "../runner/migrate.ts";
import { readMigrations } from "../runner/migration-file.ts";

const RULES = "0017_workflow_rules.sql";

let stack: Stack;
let client: Client;
beforeAll(async () => {
  stack = await startStack({ ephemeral: true, seed: false, migrate: false });
  client = new Client({ connectionString: stack.dbUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await stack.stop();
});

test("steps written before the rules are put in their place, and nothing else about them changes", async () => {
  const files = (await readMigrations(MIGRATIONS_DIR)).filter(({ fileName }) => fileName <= RULES);
  for (const { fileName, path } of files) {
    if (fileName === RULES) await client.query(OLD_ROWS);
    await migrate(stack.dbUrl, { file: path });
  }
  const { rows } = await client.query(
    "select id, project_id, parent_step_id as parent, attempt_count as attempts from public.steps order by id",
  );
  const put = (id: number, project_id: number, parent: number | null) => ({
    id,
    project_id,
    parent,
    attempts: id,
  });
  expect(rows).toEqual([
    put(1, 1, null), // was its own parent
    put(2, 1, null), // 2 → 3 → 4 → 2 was a circle; it opens at the least
    put(3, 1, 4),
    put(4, 1, 2),
    put(5, 1, 4), // hung on the circle, and still does
    put(6, 1, null), // its parent was in another subtask
    put(7, 1, 5),
    put(8, 2, null),
    put(9, 2, null), // said project 1, of a subtask of project 2
  ]);
});

const OLD_ROWS = `
  insert into public.projects (id, name) values (1, 'one'), (2, 'two');
  insert into public.subtasks (id, project_id, title) values (1, 1, 'a'), (2, 2, 'b');
  insert into public.steps (id, project_id, subtask_id, step_number, step_type, status, assigned_to, attempt_count)
  select i, case when i = 8 then 2 else 1 end, case when i > 7 then 2 else 1 end, i, 'test', 'failed', 'TaraAider', i
  from generate_series(1, 9) i;
  update public.steps set parent_step_id =
    case id when 1 then 1 when 2 then 3 when 3 then 4 when 4 then 2 when 5 then 4 when 6 then 8 when 7 then 5 end;
`;
