/** A dose: the valve opens, stays, closes; then the purge. */
function Mark({ className = "size-5" }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className={className}>
      <path
        d="M1.5 15H4V5h5v10h3.5V10H16v5h2.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}

interface WordmarkProps {
  /** Leaves the word out where there is no room for it. */
  readonly isShortWhenNarrow?: boolean;
}

export function Wordmark({ isShortWhenNarrow = false }: WordmarkProps) {
  return (
    <span className="inline-flex items-center gap-2 text-sm font-semibold leading-none tracking-tight">
      <Mark />
      <span className={isShortWhenNarrow ? "hidden min-[30rem]:inline" : undefined}>Pulseboard</span>
    </span>
  );
}
