export type StackUser = {
  email: string;
  password: string;
  role: "viewer" | "operator" | "engineer" | "admin";
};

const PASSWORD = "pulseboard";

/** The people `supabase/seed.sql` creates. */
export const DEMO_USERS: StackUser[] = [
  { email: "viewer@pulseboard.local", password: PASSWORD, role: "viewer" },
  { email: "operator@pulseboard.local", password: PASSWORD, role: "operator" },
  { email: "operator2@pulseboard.local", password: PASSWORD, role: "operator" },
  { email: "engineer@pulseboard.local", password: PASSWORD, role: "engineer" },
  { email: "admin@pulseboard.local", password: PASSWORD, role: "admin" },
  { email: "autopilot@pulseboard.local", password: PASSWORD, role: "operator" },
];
