import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import type { Lab, Machine } from "./lab.ts";
import { expectSound } from "./looks.ts";
import { SOON, shownLater } from "./page-time.ts";

const part = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
const LOOKED_WITHIN = { timeout: 15_000 };

/** Past every rule, as only a hand in the database can. */
const force = (lab: Lab, { id }: Machine, state: string) =>
  lab.sql(
    `begin; set local session_replication_role = replica;
     update public.machine_state set current_state = '${state}' where machine_id = '${id}'; commit`,
  );

test("T27 tables that disagree are a data-integrity fault, with what both say, until they agree again", async ({
  openAs,
  lab,
}) => {
  const machine = await lab.machine({ isByHand: true });
  const [was] = await lab.sql<{ status: string }>("select status from public.machines where id = $1", [
    machine.id,
  ]);
  const page = await openAs("engineer", null);
  await page.clock.install();
  await page.goto("/system");
  const integrity = part(page, "Data integrity");
  await expect(integrity).toBeVisible();
  await expect(integrity.getByRole("link", { name: machine.name })).toHaveCount(0);

  await force(lab, machine, "maintenance");
  await shownLater(page, () =>
    expect(integrity.getByRole("alert")).toContainText("Data-integrity fault", SOON),
  );
  const said = integrity.getByRole("listitem").filter({ hasText: machine.name });
  await expect(said).toContainText(
    `machines says ${was?.status}/no run, machine_state says maintenance/no run`,
  );
  await expect(said.getByRole("link", { name: machine.name })).toHaveAttribute(
    "href",
    `/machines/${machine.id}`,
  );
  await expectSound(page, "a fault");

  await force(lab, machine, was?.status ?? "");
  await page.reload();
  await expect(integrity.getByRole("link", { name: machine.name })).toHaveCount(0);
});

test("T7 a viewer sees the links with their measured time, the leases and the versions as SQL has them, and no more", async ({
  openAs,
  lab,
}) => {
  const page = await openAs(await lab.person("viewer"), "/system");
  await expect(part(page, "Links")).toContainText("Server");
  await expect(part(page, "Links").getByText(/^of the last [1-9]/)).toBeVisible(LOOKED_WITHIN);

  const [told] = await lab.sql<{ version: string; migration: string; fence: string; controller: string }>(
    `select current_setting('server_version') as version, (select max(version) from supabase_migrations.schema_migrations) as migration,
       l.fence_token::text as fence, l.controller
     from public.machine_leases l join public.machines m on m.id = l.machine_id where m.serial_number = 'ALD-01'`,
  );
  const lease = part(page, "Controllers").getByRole("row").filter({ hasText: "ALD-01" });
  await expect(lease).toContainText(told?.controller ?? "?");
  await expect(lease.getByRole("cell").nth(3)).toHaveText(told?.fence ?? "?");
  await expect(part(page, "Versions")).toContainText(told?.version ?? "?");
  await expect(part(page, "Versions")).toContainText(told?.migration ?? "?");
  await expect(part(page, "Data integrity")).toHaveCount(0);
  await expect(part(page, "Storage")).toHaveCount(0);
});

test("T30 what retention would throw away follows the choice, which stands in the address", async ({
  openAs,
}) => {
  const page = await openAs("admin", "/system?keep=24");
  await expect(part(page, "Storage").getByLabel("Keep readings of")).toHaveValue("24");
  await part(page, "Storage").getByLabel("Keep readings of").selectOption("3 months");
  await expect(page).toHaveURL("/system?keep=3");
  await expect(part(page, "Storage").getByRole("status")).toBeVisible();
});
