type Person = { email: string; password: string; role: string };

export type Running = {
  address: string;
  /** The database and its API, when they were started along. */
  embeddedUrl: string | undefined;
  remoteUrl: string | undefined;
  hasExecutor: boolean;
  users: Person[];
};

/** What is printed once everything runs. */
export function welcome({ address, embeddedUrl, remoteUrl, hasExecutor, users }: Running): string {
  const database = embeddedUrl ? `database and API at ${embeddedUrl}` : `Supabase project ${remoteUrl}`;
  const executor = hasExecutor
    ? "executor with simulated machines"
    : "no executor: set SUPABASE_SECRET_KEY to play recipes from here";
  return [
    "",
    `Pulseboard is at ${address}`,
    "",
    ...signIn(users),
    ...autopilot(users, hasExecutor),
    `  Running   web app · ${database} · ${executor}`,
    "  Stop      Ctrl-C",
    "",
  ].join("\n");
}

const isAutopilot = ({ email }: Person): boolean => email.startsWith("autopilot@");

/** Who started the runs that a newcomer finds going on. */
function autopilot(users: Person[], hasExecutor: boolean): string[] {
  const pilot = users.find(isAutopilot);
  if (pilot === undefined || !hasExecutor) return [];
  return [`  Demo      ${pilot.email} starts runs by itself, so that two machines always deposit.`];
}

function signIn(users: Person[]): string[] {
  const [first] = users;
  if (first === undefined) return [];
  const people = users.filter((user) => !isAutopilot(user));
  const lines = people.map(({ email, role }) => `            ${email} (${role})`);
  return [`  Sign in   password for all: ${first.password}`, ...lines, ""];
}
