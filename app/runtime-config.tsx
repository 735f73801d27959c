"use client";

import { createContext, type ReactNode, useContext } from "react";

/** What the browser may know of the configuration. Read by the server at request time, never built in. */
export interface RuntimeConfig {
  readonly supabaseUrl: string;
  readonly publishableKey: string;
}

const Context = createContext<RuntimeConfig | null>(null);

export function RuntimeConfigProvider(props: {
  readonly config: RuntimeConfig;
  readonly children: ReactNode;
}) {
  return <Context value={props.config}>{props.children}</Context>;
}

export function useRuntimeConfig(): RuntimeConfig {
  const config = useContext(Context);
  if (!config) throw new Error("useRuntimeConfig outside RuntimeConfigProvider");
  return config;
}
