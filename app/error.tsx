"use client";

import { CannotDraw } from "#app/cannot-draw.tsx";

interface ErrorPageProps {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return <CannotDraw digest={error.digest} onRetry={reset} />;
}
