export const roles = ["viewer", "operator", "engineer", "admin"] as const;
export type Role = (typeof roles)[number];
export type Action = "read" | "command" | "note" | "edit-recipes" | "administer";

export type Person = {
  id: string;
  email: string | null;
  name: string;
  role: Role;
  isActive: boolean;
  /** Machines this person may command; an admin may command all whatever this holds. */
  machineIds: readonly string[];
};

const allowed: Record<Role, readonly Action[]> = {
  viewer: ["read"],
  operator: ["read", "command"],
  engineer: ["read", "command", "note", "edit-recipes"],
  admin: ["read", "command", "note", "edit-recipes", "administer"],
};

const roleLabels: Record<Role, string> = {
  viewer: "Viewer",
  operator: "Operator",
  engineer: "Engineer",
  admin: "Administrator",
};

export const roleLabel = (role: Role): string => roleLabels[role];

/** What a role may do. A courtesy to the person: the database decides again on every call. */
export const can = (role: Role, action: Action): boolean => allowed[role].includes(action);

/** Null when this person may command this machine, else the sentence that says why not. */
export function whyNoCommand(person: Person | null, machineId: string): string | null {
  if (person === null) return "Sign in to command a machine.";
  if (!person.isActive) return "Your profile is disabled. Ask an administrator.";
  if (!can(person.role, "command")) return "Your role is viewer: it reads everything and commands nothing.";
  if (person.role === "admin" || person.machineIds.includes(machineId)) return null;
  return "This machine is not assigned to you. Ask an administrator for the assignment.";
}
