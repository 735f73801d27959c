import type { Person } from "#lib/model/person.ts";
import { signedInUserId } from "#lib/supabase/auth.ts";
import { type CallOptions, read, type ServerClient } from "#lib/supabase/call.ts";
import { profileRow } from "#lib/supabase/rows/profile.ts";
import { rowReader } from "#lib/supabase/rows/row.ts";

const assignedMachine = rowReader("user_machine_assignments", (row) => row.text("machine_id"));

/** The signed-in person with role and machines, as the database knows them; null when signed out. Throws ReadFault. */
export async function fetchPerson(client: ServerClient, options?: CallOptions): Promise<Person | null> {
  const userId = await signedInUserId(client);
  if (userId === null) return null;
  const [profile, machines] = await Promise.all([
    read(
      "read your profile",
      (signal) =>
        client.from("profiles").select().eq("id", userId).retry(false).abortSignal(signal).maybeSingle(),
      options,
    ),
    read(
      "read your machines",
      (signal) =>
        client
          .from("user_machine_assignments")
          .select("machine_id")
          .eq("user_id", userId)
          .eq("is_active", true)
          .retry(false)
          .abortSignal(signal),
      options,
    ),
  ]);
  // A disabled profile may read nothing, not even itself.
  if (profile.data === null) {
    return {
      id: userId,
      email: null,
      name: "(no active profile)",
      role: "viewer",
      isActive: false,
      machineIds: [],
    };
  }
  const rows = Array.isArray(machines.data) ? machines.data : [];
  return {
    ...profileRow(profile.data),
    machineIds: rows.map(assignedMachine),
  };
}
