/** Aborts on the first SIGINT or SIGTERM; a second one ends the process at once. */
export function endSignal(): AbortSignal {
  const ending = new AbortController();
  const onSignal = () => {
    if (ending.signal.aborted) process.exit(130);
    ending.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return ending.signal;
}
