import { Notice } from "#components/ui/notice.tsx";
import type { FeedStatus } from "#lib/model/feed.ts";
import { formatAgo, formatClockWithZone } from "#lib/time-format.ts";
import { feedTroubleText, type PageNews } from "#lib/view/page-news.ts";

interface FeedNoticeProps {
  readonly feed: FeedStatus;
  readonly news: PageNews;
  readonly zone: string;
  /** The page shows one machine, and can ask it to stop. */
  readonly isAboutMachine?: boolean;
}

const ABOUT_MACHINE =
  " This page cannot know what the machine does now, nor whether a stop asked for here arrives. In doubt, use the machine's own stop.";

/** Whether this page is live, said only when it is not; and no more than a page that hears nothing can know. */
export function FeedNotice({ feed, news, zone, isAboutMachine = false }: FeedNoticeProps) {
  if (news.state === "live") return null;
  const aside = <Aside news={news} said={feed.trouble === null ? null : feed.reason} />;
  if (news.state === "reading") {
    return (
      <Notice kind="plain" aside={aside}>
        Changes do not arrive by themselves since {formatClockWithZone(feed.lostAt ?? feed.since, zone)}; this
        page asks for them every 2 s.
      </Notice>
    );
  }
  return (
    <Notice kind="stale" aside={aside}>
      <strong className="font-semibold">Not live.</strong>{" "}
      {feedTroubleText(feed.trouble) ?? "Nothing is heard from the server."} What is shown is what was last
      known.{isAboutMachine ? ABOUT_MACHINE : null}
    </Notice>
  );
}

/** The age changes every second, so it stands outside of what a screen reader is told. */
function Aside({ news, said }: { readonly news: PageNews; readonly said: string | null }) {
  return (
    <div className="flex flex-wrap items-baseline gap-x-3 text-xs">
      {said === null ? null : (
        <details>
          <summary className="cursor-pointer">Details</summary>
          <code className="break-words">{said}</code>
        </details>
      )}
      <span className="font-medium tabular-nums">last news {formatAgo(news.ageMs)}</span>
    </div>
  );
}
