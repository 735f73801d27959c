/** `fetch` that gives up after `limitMs`, so that no request of a Supabase client can hang for ever. */
export const timedFetch =
  (limitMs: number): typeof fetch =>
  (input, init) => {
    const deadline = AbortSignal.timeout(limitMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
    return fetch(input, { ...init, signal });
  };

/** The outer limit of any request; single calls set shorter ones. */
export const REQUEST_LIMIT_MS = 20_000;
