import { expect, test, vi } from "vitest";
import { signedFetch } from "./browser-client.ts";
import { BrowserSession, personOf } from "./browser-session.ts";

/** A web server that hands out numbered tokens, good for ten minutes; `say` changes what it answers. */
function world() {
  let now = 1_000_000;
  let issued = 0;
  let says: "token" | "signed out" | "busy" | "away" | "a" | "b" = "token";
  const asked: string[] = [];
  const listeners: ((event: { data: unknown }) => void)[] = [];
  const ask = async (method: "GET" | "POST"): Promise<Response> => {
    asked.push(method);
    if (says === "away") throw new TypeError("failed to fetch");
    issued += 1;
    if (says === "busy") return new Response(null, { status: 503 });
    if (says === "signed out") return Response.json({ accessToken: null });
    const claims = btoa(JSON.stringify({ sub: says }));
    const accessToken = says === "token" ? `token ${issued}` : `head.${claims}.${issued}`;
    return Response.json({ accessToken, expiresAt: 1600, expiresInMs: 600_000 });
  };
  const channel = {
    postMessage: vi.fn(),
    addEventListener: (_: string, listener: (event: { data: unknown }) => void) => listeners.push(listener),
  };
  const session = new BrowserSession({
    ask,
    now: () => now,
    channel: channel as unknown as BroadcastChannel,
  });
  return {
    session,
    asked,
    pass: (ms: number) => {
      now += ms;
    },
    say: (next: typeof says) => {
      says = next;
    },
    hear: (data: unknown) => {
      for (const listener of listeners) listener({ data });
    },
  };
}

test("one token serves until a minute before its end; many readers at once ask one time", async () => {
  const { session, asked, pass } = world();
  expect(await Promise.all([session.token(), session.token()])).toEqual(["token 1", "token 1"]);
  pass(539_999);
  expect(await session.token()).toBe("token 1");
  pass(1);
  expect(await session.token()).toBe("token 2");
  expect(asked).toEqual(["GET", "GET"]);
});

test("while the web server is away a good token serves on; after its end there is none, which is not signed out", async () => {
  const { session, pass, say } = world();
  await session.token();
  const heard = vi.fn();
  session.onAuthStateChange(heard);
  for (const answer of ["away", "busy"] as const) {
    say(answer);
    pass(270_000);
    expect(await session.token()).toBe("token 1");
  }
  pass(60_000);
  expect(await session.getSession()).toMatchObject({ data: { session: null }, error: { status: 503 } });
  expect(heard).not.toHaveBeenCalled();
});

test("signed out: said once to those who listen, and no error", async () => {
  const { session, pass, say } = world();
  const heard = vi.fn();
  session.onAuthStateChange(heard);
  await session.token();
  say("signed out");
  pass(600_000);
  expect(await session.getSession()).toEqual({ data: { session: null }, error: null });
  expect(await session.token()).toBeNull();
  expect(heard.mock.calls).toEqual([["SIGNED_OUT"]]);
});

test("a person who signs out on another page is signed out here", async () => {
  const { session, hear } = world();
  const heard = vi.fn();
  const { data } = session.onAuthStateChange(heard);
  await session.token();
  hear("something else");
  expect(heard).not.toHaveBeenCalled();
  hear("signed out");
  expect(heard).toHaveBeenCalledTimes(1);
  data.subscription.unsubscribe();
});

test("a token of somebody else who signed in meanwhile ends what this page has", async () => {
  const { session, say, pass } = world();
  const heard = vi.fn();
  session.onAuthStateChange(heard);
  say("a");
  expect(personOf((await session.token()) ?? "")).toBe("a");
  say("b");
  pass(600_000);
  expect(await session.token()).toBeNull();
  expect(heard.mock.calls).toEqual([["SIGNED_OUT"]]);
});

test("a refused token is renewed, but not with every request", async () => {
  const { session, asked, pass } = world();
  expect(await session.tokenAfter((await session.token()) ?? "")).toBe("token 2");
  expect(asked).toEqual(["GET", "POST"]);
  expect(await session.tokenAfter("token 2"), "renewed a moment ago").toBeNull();
  pass(60_000);
  expect(await session.tokenAfter("token 2")).toBe("token 3");
  expect(await session.tokenAfter("token 2"), "somebody else has renewed it").toBe("token 3");
});

test("a request carries key and token; one refused for its token is sent once more", async () => {
  const { session } = world();
  const sent: (string | null)[][] = [];
  const send = vi.fn(async (_: unknown, init?: RequestInit) => {
    const headers = new Headers(init?.headers);
    sent.push([headers.get("apikey"), headers.get("authorization"), headers.get("prefer")]);
    return new Response(null, { status: sent.length === 1 ? 401 : 200 });
  });
  const answer = await signedFetch(session, "key", send)("http://api.test", { headers: { prefer: "x" } });
  expect(answer.status).toBe(200);
  expect(sent).toEqual([
    ["key", "Bearer token 1", "x"],
    ["key", "Bearer token 2", "x"],
  ]);
});

test("without a session nothing is sent: signed out is a refusal, an unknown session no answer", async () => {
  const { session, say } = world();
  const send = vi.fn(async () => new Response());
  const ask = () => signedFetch(session, "key", send)("http://api.test");
  say("signed out");
  expect((await ask()).status).toBe(401);
  say("away");
  await expect(ask()).rejects.toThrow(TypeError);
  expect(send).not.toHaveBeenCalled();
});
