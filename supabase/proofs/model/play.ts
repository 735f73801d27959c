// Plays operations on the real functions and on the model at once. Two at a time must come to what one after the other
// would have come to, in one order or the other.

import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { operation } from "./choose-operation.ts";
import { type Memory, type Operation, requestFor } from "./operations.ts";
import { predict } from "./predict.ts";
import { isCommand, type Request } from "./requests.ts";
import type { Site } from "./site.ts";
import { type State, visible } from "./state.ts";

/** How an operation reaches the database. */
export type Play =
  | { how: "once" | "twice" | "reply lost" | "cut, then again"; a: Operation }
  | { how: "together"; a: Operation; b: Operation };

export type World = { site: Site; state: State; memory: Memory; sent: { count: number } };

export const play: fc.Arbitrary<Play> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ how: fc.constant("once" as const), a: operation }) },
  {
    weight: 5,
    arbitrary: fc.record({
      how: fc.constantFrom("twice" as const, "reply lost" as const, "cut, then again" as const),
      a: operation,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ how: fc.constant("together" as const), a: operation, b: operation }),
  },
);

/** Plays one; throws where the database and the model part. */
export async function playOne(world: World, { how, ...what }: Play): Promise<void> {
  const first = requestFor(what.a, world.state, world.memory);
  const second = "b" in what ? requestFor(what.b, world.state, world.memory) : first;
  remember(world, first, second);
  switch (how) {
    case "once":
      return inTurn(world, [first]);
    case "twice":
      return inTurn(world, [first, first]);
    case "reply lost":
      await world.site.send(first, "lost");
      world.sent.count += 1;
      world.state = predict(world.state, first).state;
      return inTurn(world, [first]);
    case "cut, then again":
      if (world.site.callOf(first) !== null) {
        await world.site.send(first, "cut");
        world.sent.count += 1;
      }
      return inTurn(world, [first]);
    case "together":
      if (!world.site.isAtomic(first) || !world.site.isAtomic(second)) return inTurn(world, [first, second]);
      return atOnce(world, first, second);
  }
}

function remember({ memory }: World, ...requests: Request[]): void {
  for (const request of requests) {
    if (isCommand(request) && !memory.sent.some(({ command }) => command === request.command))
      memory.sent.push(request);
  }
}

async function inTurn(world: World, requests: Request[]): Promise<void> {
  for (const request of requests) {
    const sent = await world.site.send(request);
    world.sent.count += 1;
    const predicted = predict(world.state, request);
    requireSame(
      { code: predicted.code, ...visible(predicted.state) },
      { code: sent?.code, ...(await world.site.look()) },
      request,
    );
    adopt(world, predicted.state, request, sent?.code);
  }
}

async function atOnce(world: World, first: Request, second: Request): Promise<void> {
  const codes = (await Promise.all([world.site.send(first), world.site.send(second)])).map(
    (sent) => sent?.code,
  );
  world.sent.count += 2;
  const seen = await world.site.look();
  const could = inEitherOrder(world.state, first, second);
  const came = could.find(
    (outcome) =>
      isDeepStrictEqual(outcome.codes, codes) &&
      isDeepStrictEqual(sorted(visible(outcome.state)), sorted(seen)),
  );
  if (came === undefined) {
    const told = could.map((outcome) => [outcome.codes, visible(outcome.state)]);
    throw new Error(
      `at once, ${JSON.stringify(first)} and ${JSON.stringify(second)} came to neither order:\n${JSON.stringify({ codes, seen }, null, 1)}\ncould be:\n${JSON.stringify(told, null, 1)}`,
    );
  }
  const { state } = came;
  adopt(world, state, first, codes[0]);
  adopt(world, state, second, codes[1]);
}

type Outcome = { codes: string[]; state: State };

/** One after the other, each way; the codes in the order of sending. */
function inEitherOrder(state: State, first: Request, second: Request): Outcome[] {
  return readingsOf(first).flatMap((one) =>
    readingsOf(second).flatMap((two) => {
      const [a, b] = inOrder(state, one, two);
      const [d, c] = inOrder(state, two, one);
      return [
        { codes: [a.code, b.code], state: b.state },
        { codes: [c.code, d.code], state: c.state },
      ];
    }),
  );
}

/** What looks for overdue starts leaves one that somebody else holds at that moment to the next who looks. */
function readingsOf(request: Request): Request[] {
  if (request.fn !== "claim_machine" && request.fn !== "renew_lease") return [request];
  return [request, { ...request, leavesStarts: true }];
}

function inOrder(state: State, first: Request, second: Request) {
  const one = predict(state, first);
  return [one, predict(one.state, second)] as const;
}

/** A controller learns its fence from the answer to its claim. */
function adopt(world: World, state: State, request: Request, code: string | undefined): void {
  world.state = state;
  if (request.fn === "claim_machine" && code === "" && state.lease?.controller === request.controller)
    world.memory.fences[request.controller] = state.fence;
}

function requireSame(expected: object, actual: object, request: Request): void {
  if (isDeepStrictEqual(sorted(expected), sorted(actual))) return;
  throw new Error(
    `${JSON.stringify(request)}\nshould be ${JSON.stringify(expected, null, 1)}\nbut is ${JSON.stringify(actual, null, 1)}`,
  );
}

/** The database returns the keys of an object in an order of its own. */
const sorted = (value: object): unknown => JSON.parse(JSON.stringify(value), sortKeys);
function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
