import { Group, Specimen } from "#app/gallery/specimen.tsx";
import { FeedNotice } from "#components/shell/feed-notice.tsx";
import { type LinkCondition, LinkStrip, type LinkView } from "#components/shell/link-strip.tsx";
import type { FeedStatus, FeedTrouble } from "#lib/model/feed.ts";
import { SAMPLE_START, sampleFeedStatus, sampleLease } from "#lib/model/samples.ts";
import { durationMs, later, SECOND } from "#lib/time.ts";
import { pageNews } from "#lib/view/page-news.ts";

const CONDITIONS: readonly LinkCondition[] = ["good", "idle", "waiting", "unknown", "late", "lost"];
const TROUBLES: readonly FeedTrouble[] = [
  "signed-out",
  "computer-offline",
  "server-silent",
  "read-refused",
  "channel-lost",
];
const now = later(SAMPLE_START, 40 * SECOND);

const links = (condition: LinkCondition): LinkView[] =>
  ["Server", "Feed", "Controller"].map((name, at) => ({
    name,
    condition: at === 1 ? condition : "good",
    age:
      condition === "waiting" && at === 1 ? null : durationMs(at === 1 && condition === "lost" ? 40_000 : 0),
    detail: "What it means stands here.",
    said: null,
  }));

const lost = (trouble: FeedTrouble): FeedStatus =>
  sampleFeedStatus({
    state: trouble === "channel-lost" ? "degraded" : "offline",
    lastCatchUpAt: trouble === "channel-lost" ? now : SAMPLE_START,
    lostAt: SAMPLE_START,
    trouble,
    reason: "what the server said",
  });

export function LinkSpecimens() {
  return (
    <>
      <Group title="Links" className="sm:grid-cols-2 xl:grid-cols-3">
        {CONDITIONS.map((condition) => (
          <Specimen key={condition} name={`feed ${condition}`}>
            <LinkStrip links={links(condition)} />
          </Specimen>
        ))}
      </Group>
      <Group title="What a page that is not live says">
        {TROUBLES.map((trouble) => (
          <Specimen key={trouble} name={trouble}>
            <FeedNotice
              feed={lost(trouble)}
              news={pageNews(lost(trouble), [sampleLease()], now)}
              zone="UTC"
              isAboutMachine
            />
          </Specimen>
        ))}
      </Group>
    </>
  );
}
