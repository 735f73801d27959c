import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { CannotRead } from "#app/cannot-read.tsx";
import { orRefusal } from "#app/or-refusal.ts";
import { currentPerson } from "#app/person.ts";
import { WorkflowScreen } from "#app/workflow/workflow-screen.tsx";
import { fetchWorkflow } from "#lib/queries/workflow.ts";
import { serverClient } from "#lib/supabase/server-client.ts";

export const metadata: Metadata = { title: "Workflow" };

export default async function WorkflowPage() {
  const read = await orRefusal(Promise.all([fetchWorkflow(await serverClient()), currentPerson()]));
  if (!read.ok) return <CannotRead title="Workflow" refusal={read} />;
  const [plan, person] = read.value;
  if (person === null) redirect("/sign-in?next=/workflow");
  return <WorkflowScreen initial={plan} person={person} />;
}
