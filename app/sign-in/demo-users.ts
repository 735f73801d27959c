import type { DemoUser } from "#app/sign-in/sign-in-screen.tsx";

const PASSWORD = "pulseboard";

/** The people of supabase/seed.sql. Shown on the embedded stack only, which listens on this host alone. */
export const demoUsers: readonly DemoUser[] = [
  {
    email: "operator@pulseboard.local",
    password: PASSWORD,
    can: "Operator: starts and stops runs on all four machines",
  },
  { email: "operator2@pulseboard.local", password: PASSWORD, can: "Operator: ALD-01 and ALD-03 only" },
  { email: "viewer@pulseboard.local", password: PASSWORD, can: "Viewer: watches, commands nothing" },
  { email: "engineer@pulseboard.local", password: PASSWORD, can: "Engineer: also changes the workflow" },
  { email: "admin@pulseboard.local", password: PASSWORD, can: "Administrator" },
];
