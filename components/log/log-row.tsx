import Link from "next/link";
import { Shape } from "#components/ui/shape.tsx";
import { Td, Tr } from "#components/ui/table.tsx";
import type { LogEntry } from "#lib/model/log.ts";
import type { EpochMs } from "#lib/time.ts";
import { formatClock } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";
import { type LogActor, type LogLine, logActor, logLine } from "#lib/view/log-lines.ts";

interface LogRowProps {
  readonly entry: LogEntry;
  readonly today: string;
  readonly zone: string;
}

export function LogRow({ entry, today, zone }: LogRowProps) {
  const [line, actor] = [logLine(entry), logActor(entry)];
  return (
    <Tr className="relative align-baseline">
      <Td className="w-px py-2 text-xs text-ink-muted tabular-nums">
        <Moment at={entry.at} today={today} zone={zone} />
      </Td>
      <Td className="hidden w-60 max-w-60 py-2 xl:table-cell">
        <span className="whitespace-normal">
          <Who actor={actor} />
        </span>
      </Td>
      <Td className="w-full max-w-0 py-2 [overflow-wrap:anywhere] xl:w-auto xl:max-w-none">
        <div className="whitespace-normal">
          <What line={line} />
        </div>
        <span className="mt-1 flex flex-wrap gap-x-3 text-xs whitespace-normal xl:hidden">
          <span className="text-ink-faint">
            <bdi>{actor.name}</bdi>
            {actor.role === null ? null : `, ${actor.role.toLowerCase()}`}
          </span>
          <Where entry={entry} line={line} />
        </span>
      </Td>
      <Td className="hidden w-80 max-w-80 py-2 xl:table-cell">
        <span className="flex flex-wrap gap-x-3 whitespace-normal">
          <Where entry={entry} line={line} />
        </span>
      </Td>
    </Tr>
  );
}

/** Of today the time alone; the day stands with every other. */
function Moment({
  at,
  today,
  zone,
}: {
  readonly at: EpochMs;
  readonly today: string;
  readonly zone: string;
}) {
  const day = formatClock(at, zone, "date");
  return (
    <time dateTime={new Date(at).toISOString()}>
      {day === today ? null : <span className="mr-2 block text-ink-faint lg:inline">{day}</span>}
      {formatClock(at, zone)}
    </time>
  );
}

function Who({ actor: { name, role } }: { readonly actor: LogActor }) {
  return (
    <>
      <bdi className="font-medium [overflow-wrap:anywhere]">{name}</bdi>
      {role === null ? null : <span className="ml-2 text-xs text-ink-faint">{role}</span>}
    </>
  );
}

function What({ line: { what, from, to, said, isTrouble } }: { readonly line: LogLine }) {
  return (
    <>
      {isTrouble ? <Shape name="triangle" className="mr-1.5 inline size-2.5 text-alarm-2" /> : null}
      <bdi className="font-medium">{what}</bdi>
      {from === null && to === null ? null : (
        <span className="ml-2 text-ink-muted">
          {from === null ? null : (
            <>
              <bdi>{from}</bdi>
              <span aria-hidden="true"> → </span>
              <span className="sr-only"> then </span>
            </>
          )}
          {to === null ? <i>nothing</i> : <bdi>{to}</bdi>}
        </span>
      )}
      {said === null ? null : <bdi className="line-clamp-4 text-xs text-ink-muted">{said}</bdi>}
    </>
  );
}

/** The machine, the run, the step, the recipe: each a link to it as it was. */
function Where({ entry, line: { seq, recipeId } }: { readonly entry: LogEntry; readonly line: LogLine }) {
  const { machineId, machineName, runId, recipeName } = entry;
  const links = [
    machineId === null ? null : { href: `/machines/${machineId}`, name: machineName ?? "Machine" },
    runId === null ? null : { href: `/runs/${runId}`, name: recipeName ?? "Run" },
    runId === null || seq === null
      ? null
      : { href: `/runs/${runId}?tab=steps&step=${seq}`, name: `Step ${formatCount(seq)}` },
    recipeId === null || runId !== null ? null : { href: `/recipes/${recipeId}`, name: "Recipe" },
  ];
  return links.map((link) =>
    link === null ? null : (
      <Link key={link.href} href={link.href} prefetch={false} className="link [overflow-wrap:anywhere]">
        <bdi>{link.name}</bdi>
      </Link>
    ),
  );
}
