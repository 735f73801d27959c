import { roles } from "#lib/model/person.ts";
import { rowReader } from "./row.ts";

export const profileRow = rowReader("profiles", (row) => ({
  id: row.text("id"),
  name: row.maybeText("full_name") ?? row.maybeText("username") ?? row.maybeText("email") ?? "(no name)",
  email: row.maybeText("email"),
  role: row.word("role", roles),
  isActive: row.text("status") === "active",
}));
