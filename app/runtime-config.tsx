"use client";

import { createContext, type ReactNode, useContext } from "react";
import type { PublicConfig } from "#lib/supabase/config.ts";

const Context = createContext<PublicConfig | null>(null);

interface RuntimeConfigProviderProps {
  readonly config: PublicConfig;
  readonly children: ReactNode;
}

/** Hands down what the browser may know of the configuration. Read by the server at request time, never built in. */
export function RuntimeConfigProvider({ config, children }: RuntimeConfigProviderProps) {
  return <Context value={config}>{children}</Context>;
}

export function useRuntimeConfig(): PublicConfig {
  const config = useContext(Context);
  if (!config) throw new Error("useRuntimeConfig outside RuntimeConfigProvider");
  return config;
}
