"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { type Ignored, ignoredSentence } from "#app/address/ignored.ts";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

/** Names the parts of the address that this page cannot read, and takes them out of it. */
export function IgnoredNotice({ ignored }: { readonly ignored: readonly Ignored[] }) {
  const router = useRouter();
  const path = usePathname();
  const search = useSearchParams();
  const sentence = ignoredSentence(ignored);
  if (sentence === null) return null;

  const takeOut = () => {
    const next = new URLSearchParams(search);
    for (const { name } of ignored) next.delete(name);
    router.replace(next.size > 0 ? `${path}?${next}` : path, { scroll: false });
  };
  return (
    <Notice
      kind="plain"
      aside={
        <Button size="sm" onClick={takeOut}>
          Take it out
        </Button>
      }
    >
      <span className="[overflow-wrap:anywhere]">{sentence}</span>
    </Notice>
  );
}
