"use client";

import "#app/globals.css";
import { CannotDraw } from "#app/cannot-draw.tsx";

interface GlobalErrorProps {
  readonly error: Error & { digest?: string };
  readonly reset: () => void;
}

export default function GlobalError({ error, reset }: GlobalErrorProps) {
  return (
    <html lang="en">
      <body>
        <CannotDraw digest={error.digest} onRetry={reset} />
      </body>
    </html>
  );
}
