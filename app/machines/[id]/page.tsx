import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { CannotRead } from "#app/cannot-read.tsx";
import { MachineScreen } from "#app/machines/[id]/machine-screen.tsx";
import { readMachine } from "#app/machines/[id]/read-machine.ts";
import { orRefusal } from "#app/or-refusal.ts";
import { currentPerson } from "#app/person.ts";
import { isRunEnded } from "#lib/model/run.ts";
import type { MachineSnapshot } from "#lib/model/snapshot.ts";
import { fetchSteps } from "#lib/queries/steps.ts";
import { serverClient } from "#lib/supabase/server-client.ts";
import type { EpochMs } from "#lib/time.ts";
import { nameText } from "#lib/view/name-text.ts";

interface MachinePageProps {
  readonly params: Promise<{ id: string }>;
}

export async function generateMetadata({ params }: MachinePageProps): Promise<Metadata> {
  const read = await readMachine((await params).id);
  if (!read.ok) return { title: "Machine" };
  return { title: read.value ? nameText(read.value.machine.name) : "No such machine" };
}

/**
 * Reads one consistent picture of the machine; the screen is drawn from it, then kept true by the feed. No loading.tsx
 * stands here or above: once a part of the page has been sent, a machine that is not there cannot be answered 404.
 */
export default async function MachinePage({ params }: MachinePageProps) {
  const { id } = await params;
  const [machine, person] = await Promise.all([readMachine(id), orRefusal(currentPerson())]);
  if (!machine.ok) return <CannotRead title="Machine" refusal={machine} />;
  if (!person.ok) return <CannotRead title="Machine" refusal={person} />;
  if (!person.value) redirect(`/sign-in?next=/machines/${id}`);
  if (!machine.value) notFound();

  const snapshot = machine.value;
  const origin = await orRefusal(runOrigin(snapshot));
  return <MachineScreen initial={snapshot} origin={origin.ok ? origin.value : null} person={person.value} />;
}

/** When the run's first step began by the controller's clock: zero of the time axis. Null before it has. */
async function runOrigin({ run, steps }: MachineSnapshot): Promise<EpochMs | null> {
  if (!run || (run.lastSeq === 0 && !isRunEnded(run.status))) return null;
  const first =
    steps[0]?.seq === 1 ? steps : await fetchSteps(await serverClient(), run.id, { from: 1, to: 1 });
  return first[0]?.deviceStartedAt ?? null;
}
