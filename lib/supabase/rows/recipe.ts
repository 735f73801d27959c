import { z } from "zod";
import { type Role, roles } from "#lib/model/person.ts";
import type { RecipeSummary } from "#lib/model/recipe.ts";
import { maybeText, moment, number, parseRow, text } from "./row.ts";

const recipe = z
  .object({
    id: text,
    name: text,
    description: maybeText,
    version: number,
    machine_type: text,
    substrate: maybeText,
    chamber_temperature_set_point: number,
    pressure_set_point: number,
    updated_at: moment,
  })
  .transform(
    (row): RecipeSummary => ({
      id: row.id,
      name: row.name,
      description: row.description,
      version: row.version,
      machineType: row.machine_type,
      substrate: row.substrate,
      chamberTemperatureC: row.chamber_temperature_set_point,
      pressureTorr: row.pressure_set_point,
      updatedAt: row.updated_at,
    }),
  );

const profile = z
  .object({
    id: text,
    full_name: maybeText,
    username: maybeText,
    email: maybeText,
    role: z.enum(roles),
    status: text,
  })
  .transform((row) => ({
    id: row.id,
    name: row.full_name ?? row.username ?? row.email ?? "(no name)",
    email: row.email,
    role: row.role satisfies Role,
    isActive: row.status === "active",
  }));

export const recipeRow = (row: unknown): RecipeSummary => parseRow("recipes", recipe, row);
export const profileRow = (row: unknown) => parseRow("profiles", profile, row);
