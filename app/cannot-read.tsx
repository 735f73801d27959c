"use client";

import { useRouter } from "next/navigation";
import { useTransition } from "react";
import { Page } from "#components/shell/page.tsx";
import { PageHeading } from "#components/shell/page-heading.tsx";
import { Button } from "#components/ui/button.tsx";
import { RefusalBanner } from "#components/ui/notice.tsx";
import type { Refusal } from "#lib/result.ts";

interface CannotReadProps {
  readonly title: string;
  readonly refusal: Pick<Refusal, "message" | "hint" | "code">;
}

/** A page that could not be read: what, why, and a way to ask again. */
export function CannotRead({ title, refusal }: CannotReadProps) {
  const router = useRouter();
  const [isPending, startTransition] = useTransition();

  return (
    <Page>
      <PageHeading title={title} />
      <RefusalBanner message={refusal.message} hint={refusal.hint} code={refusal.code} />
      <div>
        <Button isPending={isPending} onClick={() => startTransition(() => router.refresh())}>
          {isPending ? "Reading" : "Read again"}
        </Button>
      </div>
    </Page>
  );
}
