"use client";

import { Button } from "#components/ui/button.tsx";

/** For a page whose scripts are older than the server: a person decides when it is a good moment. */
export function ReloadButton() {
  return <Button onClick={() => window.location.reload()}>Reload page</Button>;
}
