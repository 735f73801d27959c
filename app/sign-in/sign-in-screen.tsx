"use client";

import { useActionState, useState } from "react";
import { Wordmark } from "#components/shell/wordmark.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field, TextInput } from "#components/ui/field.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import type { Refusal } from "#lib/result.ts";

export interface DemoUser {
  readonly email: string;
  readonly password: string;
  readonly can: string;
}

interface SignInScreenProps {
  readonly next: string;
  /** Known only on the embedded stack. */
  readonly demoUsers: readonly DemoUser[];
  readonly onSignIn: (before: Refusal | null, data: FormData) => Promise<Refusal | null>;
}

export function SignInScreen({ next, demoUsers, onSignIn }: SignInScreenProps) {
  const [refused, submit, isPending] = useActionState(onSignIn, null);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");

  return (
    <main id="main" tabIndex={-1} className="grid min-h-dvh place-items-center px-4 py-10 outline-none">
      <div className="w-full max-w-[22rem]">
        <Wordmark />
        <h1 className="mt-6 text-2xl">Sign in</h1>
        <p className="mt-1 text-sm text-ink-muted">
          Watch runs pulse by pulse; start and stop them if your role may.
        </p>

        <form action={submit} className="mt-6 grid gap-4">
          {refused ? <RefusalBanner message={refused.message} hint={refused.hint} /> : null}
          <input type="hidden" name="next" value={next} />
          <Field label="Email">
            {(wiring) => (
              <TextInput
                {...wiring}
                name="email"
                type="email"
                autoComplete="username"
                required
                className="h-11"
                value={email}
                onChange={(event) => setEmail(event.target.value)}
              />
            )}
          </Field>
          <Field label="Password">
            {(wiring) => (
              <TextInput
                {...wiring}
                name="password"
                type="password"
                autoComplete="current-password"
                required
                className="h-11"
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            )}
          </Field>
          <Button type="submit" variant="primary" size="lg" isPending={isPending}>
            {isPending ? "Signing in" : "Sign in"}
          </Button>
        </form>

        {demoUsers.length > 0 ? (
          <DemoUsers
            users={demoUsers}
            onChoose={(user) => {
              setEmail(user.email);
              setPassword(user.password);
            }}
          />
        ) : null}
      </div>
    </main>
  );
}

interface DemoUsersProps {
  readonly users: readonly DemoUser[];
  readonly onChoose: (user: DemoUser) => void;
}

function DemoUsers({ users, onChoose }: DemoUsersProps) {
  return (
    <section aria-labelledby="demo-users" className="mt-8 border-t border-line pt-5">
      <h2 id="demo-users" className="text-sm">
        Demo users
      </h2>
      <p className="text-xs text-ink-muted">
        This is the embedded stack with simulated machines. Choose one to fill it in.
      </p>
      <ul className="mt-3 overflow-hidden rounded-lg border border-line bg-surface">
        {users.map((user) => (
          <li key={user.email} className="border-b border-line last:border-b-0">
            <button
              type="button"
              onClick={() => onChoose(user)}
              className="block min-h-11 w-full px-3 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2"
            >
              <span className="block text-sm font-medium">{user.email}</span>
              <span className="block text-xs text-ink-faint">{user.can}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
