import { carryOut } from "#app/machines/[id]/carry-out.ts";
import { requestStopSchema } from "#lib/commands/commands.ts";
import { requestStop } from "#lib/supabase/send-command.ts";

/** A stop request is a handful of ids and a short reason. */
const LARGEST_BODY = 10_000;

/**
 * Asks a machine to stop, at an address that outlives every deployment: a page whose scripts are older than the server
 * still reaches it, and it never queues behind another action of the same page. Body: StopRequest without machineId;
 * answer: Result, with its HTTP status.
 */
export async function POST(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const { id } = await params;
  const sent = await carryOut(requestStopSchema, withMachine(await bodyOf(request), id), requestStop);
  return Response.json(sent, {
    status: sent.ok ? 200 : sent.status || 504,
    headers: { "cache-control": "private, no-store" },
  });
}

/** The address names the machine; whatever the body says about it does not count. */
const withMachine = (body: unknown, machineId: string): unknown =>
  typeof body === "object" && body !== null ? { ...body, machineId } : null;

async function bodyOf(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text.length > LARGEST_BODY) return null;
  try {
    return JSON.parse(text);
  } catch (fault) {
    if (fault instanceof SyntaxError) return null;
    throw fault;
  }
}
