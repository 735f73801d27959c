import { roles } from "#lib/model/person.ts";
import type { RecipeSummary } from "#lib/model/recipe.ts";
import { rowReader } from "./row.ts";

export const recipeRow = rowReader(
  "recipes",
  (row): RecipeSummary => ({
    id: row.text("id"),
    name: row.text("name"),
    description: row.maybeText("description"),
    version: row.number("version"),
    machineType: row.text("machine_type"),
    substrate: row.maybeText("substrate"),
    chamberTemperatureC: row.number("chamber_temperature_set_point"),
    pressureTorr: row.number("pressure_set_point"),
    updatedAt: row.moment("updated_at"),
  }),
);

export const profileRow = rowReader("profiles", (row) => ({
  id: row.text("id"),
  name: row.maybeText("full_name") ?? row.maybeText("username") ?? row.maybeText("email") ?? "(no name)",
  email: row.maybeText("email"),
  role: row.word("role", roles),
  isActive: row.text("status") === "active",
}));
