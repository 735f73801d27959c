import type { ReactNode } from "react";

/** The column every page draws in, and the target of the skip link. */
export function Page({ children }: { readonly children: ReactNode }) {
  return (
    <main
      id="main"
      tabIndex={-1}
      className="mx-auto grid w-full grid-cols-[minmax(0,1fr)] max-w-[120rem] gap-4 px-3 py-4 outline-none sm:gap-5 sm:px-5 sm:py-5"
    >
      {children}
    </main>
  );
}

export function SkipLink() {
  return (
    <a
      href="#main"
      className="sr-only z-50 rounded-md bg-ink px-4 py-2 text-sm font-medium text-ink-inverse focus:not-sr-only focus:fixed focus:left-3 focus:top-2"
    >
      Skip to content
    </a>
  );
}
