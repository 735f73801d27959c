"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { markRunAction } from "#app/runs/[id]/actions.ts";
import { useRuntimeConfig } from "#app/runtime-config.tsx";
import { useAsking } from "#app/use-asking.ts";
import { ReasonDialog } from "#components/machine/reason-dialog.tsx";
import { MarkLine } from "#components/runs/mark-line.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import type { Person } from "#lib/model/person.ts";
import type { Run } from "#lib/model/run.ts";
import { type RunMark, whyNoMark } from "#lib/model/run-mark.ts";
import { runMarkQuery } from "#lib/queries/run-mark.ts";
import type { Refusal } from "#lib/result.ts";
import { browserClient } from "#lib/supabase/browser-client.ts";

interface MarkPanelProps {
  readonly run: Run;
  readonly person: Person;
  readonly zone: string;
  /** What the server read; null where it could not. */
  readonly first: { readonly mark: RunMark | null } | null;
}

/** Whether this run is one to measure others against, who said so and why; an engineer says so here. */
export function MarkPanel({ run, person, zone, first }: MarkPanelProps) {
  const query = runMarkQuery(browserClient(useRuntimeConfig()), run.id);
  const { data: mark = null, error } = useQuery({ ...query, ...(first && { initialData: first.mark }) });
  const client = useQueryClient();
  const { isSending, ask } = useAsking("the mark of this run");
  const [isOpen, setOpen] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const isGood = mark?.isGood ?? false;

  // Nothing to say of a run that cannot be good and never was.
  if (run.status !== "completed" && mark === null) return null;
  if (error && mark === null) return <RefusalBanner message={error.message} />;

  const send = async (reason: string) => {
    setRefusal(null);
    const answer = await ask(() => markRunAction({ runId: run.id, isGood: !isGood, reason }));
    if (!answer.ok) return setRefusal(answer);
    setOpen(false);
    await client.invalidateQueries({ queryKey: query.queryKey });
  };

  return (
    <>
      <MarkLine
        mark={mark}
        zone={zone}
        whyNot={whyNoMark(person, run.status, isGood)}
        onPress={() => setOpen(true)}
      />
      {refusal && !isOpen ? (
        <RefusalBanner
          message={refusal.message}
          hint={refusal.hint}
          code={refusal.code}
          onDismiss={() => setRefusal(null)}
        />
      ) : null}
      <ReasonDialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={isGood ? "Take the mark back?" : "Mark this run good?"}
        description={
          isGood
            ? "Other runs of this recipe are no longer measured against it. What was said before stays in the log."
            : "Other runs of this recipe are measured against the runs that are marked good. It can be taken back."
        }
        confirmLabel={isGood ? "Take it back" : "Mark good"}
        reasonHint={isGood ? "What was found since?" : "What shows that it went well?"}
        isSending={isSending}
        refusal={refusal}
        onConfirm={(reason) => void send(reason)}
      />
    </>
  );
}
