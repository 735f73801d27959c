import { LinkList, type LinkView } from "#components/shell/link-strip.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Fact, Facts } from "#components/ui/facts.tsx";
import type { FeedState, FeedStatus } from "#lib/model/feed.ts";
import type { EpochMs } from "#lib/time.ts";
import { formatClock, formatDuration } from "#lib/time-format.ts";
import { formatCount } from "#lib/view/count.ts";
import type { Latency } from "#lib/view/latency.ts";

interface LinksCardProps {
  readonly links: readonly LinkView[];
  readonly feed: FeedStatus;
  readonly history: {
    readonly changes: readonly { state: FeedState; at: EpochMs; reason: string | null }[];
    readonly losses: number;
  };
  /** Null before the first change. */
  readonly latency: Latency | null;
  readonly zone: string;
}

/** The links as in the header, larger, with what became of them since this page was opened. */
export function LinksCard({ links, feed, history, latency, zone }: LinksCardProps) {
  return (
    <Card aria-label="Links">
      <CardHeader title="Links" note="Of this page, since it was opened" />
      <CardBody className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_minmax(0,1fr)]">
        <LinkList links={links} />
        <Facts className="grid-cols-2 content-start sm:grid-cols-3">
          <Fact label="Database to screen" isLarge note="median">
            {latency === null ? "–" : formatDuration(latency.medianMs)}
          </Fact>
          <Fact
            label="95 of 100 within"
            isLarge
            note={latency === null ? "no change yet" : `of the last ${latency.count}`}
          >
            {latency === null ? "–" : formatDuration(latency.p95Ms)}
          </Fact>
          <Fact label="Feed" isLarge note={feed.reason ?? "changes arrive by themselves"}>
            {feed.state === "live" ? "Live" : feed.state}
          </Fact>
          <Fact label="Gaps healed" isLarge>
            {formatCount(feed.gapsHealed)}
          </Fact>
          <Fact label="Feed lost" isLarge>
            {formatCount(history.losses)}
          </Fact>
          <Fact label="Clock" isLarge note="the server's, minus this computer's">
            {formatDuration(feed.clockOffsetMs)}
          </Fact>
        </Facts>
        <div>
          <h3 className="eyebrow">States of the feed</h3>
          <ol className="mt-1 grid gap-1 text-xs">
            {history.changes.map(({ state, at, reason }) => (
              <li key={`${at} ${state}`} className="flex flex-wrap gap-x-3">
                <time dateTime={new Date(at).toISOString()} className="text-ink-faint tabular-nums">
                  {formatClock(at, zone)}
                </time>
                <span className="font-medium">{state}</span>
                {reason === null ? null : (
                  <span className="text-ink-muted [overflow-wrap:anywhere]">{reason}</span>
                )}
              </li>
            ))}
          </ol>
        </div>
      </CardBody>
    </Card>
  );
}
