"use client";

import { type ReactNode, useCallback, useState } from "react";
import { RefusalBanner } from "#components/ui/notice.tsx";
import type { WorkflowStep } from "#lib/model/workflow.ts";
import { newId } from "#lib/new-id.ts";
import type { Refusal } from "#lib/result.ts";

type Refused = { readonly key: string; readonly step: WorkflowStep; readonly refusal: Refusal };

/** Refusals of this page, each until a person has dismissed it, wherever they have gone in the tree meanwhile. */
export function useRefusedSteps(): {
  readonly banners: ReactNode;
  readonly add: (step: WorkflowStep, refusal: Refusal) => void;
} {
  const [refused, setRefused] = useState<readonly Refused[]>([]);
  const add = useCallback(
    (step: WorkflowStep, refusal: Refusal) =>
      setRefused((known) => [...known, { key: newId(), step, refusal }]),
    [],
  );
  const dismiss = (key: string) => setRefused((known) => known.filter((each) => each.key !== key));

  const banners =
    refused.length === 0 ? null : (
      <div className="grid gap-2">
        {refused.map(({ key, step, refusal }) => (
          <RefusalBanner
            key={key}
            message={`Step ${step.number}: ${refusal.message}`}
            hint={refusal.hint}
            code={refusal.code}
            onDismiss={() => dismiss(key)}
          />
        ))}
      </div>
    );
  return { banners, add };
}
