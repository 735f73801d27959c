/** Four pulses of a dose train, the last one open. */
export function Mark({ className = "size-5" }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" className={className}>
      <path
        d="M1 15.5h2.5v-9h2v9H8v-5h2v5h2.5V3h2v12.5H19"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2 text-sm font-semibold tracking-tight">
      <Mark />
      Pulseboard
    </span>
  );
}
