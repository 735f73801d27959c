import { HeaderPopover } from "#components/shell/header-popover.tsx";
import { joinClasses } from "#components/ui/join-classes.ts";
import { Shape, type ShapeName } from "#components/ui/shape.tsx";
import type { DurationMs } from "#lib/time.ts";
import { formatAge } from "#lib/time-format.ts";

/**
 * `idle`: not needed now. `waiting`: coming up. `unknown`: this page cannot tell. `late`: past its limit or by a slower
 * way. `lost`: does not answer.
 */
export type LinkCondition = "good" | "idle" | "waiting" | "unknown" | "late" | "lost";

export interface LinkView {
  /** "Server", "Feed", "Controller", "Machine". */
  readonly name: string;
  readonly condition: LinkCondition;
  /** Time since the last sign of life; null when there has been none. */
  readonly age: DurationMs | null;
  /** Instead of "live" where there is no age, e.g. the machine's status. */
  readonly word?: string;
  /** What it means in a sentence. */
  readonly detail: string;
  /** What was said on the link, word for word: for support. */
  readonly said: string | null;
}

const LOOK: Record<LinkCondition, { shape: ShapeName; tone: string; word: string; rank: number }> = {
  good: { shape: "dot", tone: "text-ink-faint", word: "live", rank: 0 },
  idle: { shape: "dash", tone: "text-ink-faint", word: "idle", rank: 0 },
  waiting: { shape: "ring", tone: "text-ink-faint", word: "connecting", rank: 1 },
  unknown: { shape: "question", tone: "text-ink-faint", word: "not known", rank: 1 },
  late: { shape: "half", tone: "text-alarm-2", word: "late", rank: 2 },
  lost: { shape: "triangle", tone: "text-alarm-2", word: "lost", rank: 3 },
};

/** What lies between this screen and the hardware, worst first on a narrow screen; opens into sentences. */
export function LinkStrip({ links }: { readonly links: readonly LinkView[] }) {
  const worst = worstLink(links);
  if (!worst) return null;

  return (
    <HeaderPopover
      label="Links"
      buttonLabel={`Links: ${worst.name} ${LOOK[worst.condition].word}. Show all`}
      className="w-[22rem]"
      button={
        <>
          <span className="hidden items-center gap-3 xl:flex">
            {links.map((link) => (
              <LinkMark key={link.name} link={link} isShort />
            ))}
          </span>
          <span className="xl:hidden">
            <LinkMark link={worst} />
          </span>
        </>
      }
    >
      <LinkList links={links} />
    </HeaderPopover>
  );
}

/** Each link with what it means in a sentence. */
export function LinkList({ links }: { readonly links: readonly LinkView[] }) {
  return (
    <ul className="grid gap-3 text-xs">
      {links.map((link) => (
        <li key={link.name} className="grid gap-0.5">
          <LinkMark link={link} />
          <p className="pl-4 text-ink-muted [overflow-wrap:anywhere]">{link.detail}</p>
          {link.said === null ? null : (
            <p className="pl-4 font-mono text-2xs break-words text-ink-faint">{link.said}</p>
          )}
        </li>
      ))}
    </ul>
  );
}

/** `isShort`: beside others, where the form alone says that a link is not known. */
function LinkMark({ link, isShort = false }: { readonly link: LinkView; readonly isShort?: boolean }) {
  const look = LOOK[link.condition];
  const isWordless = isShort && link.condition === "unknown";
  const isTrouble = look.rank >= 2;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <Shape name={look.shape} className={`size-2.5 ${look.tone}`} />
      <span className={isTrouble ? "font-semibold text-ink" : "text-ink-muted"}>{link.name}</span>
      {isWordless ? null : (
        <span
          className={joinClasses("tabular-nums", isTrouble ? "hatched px-0.5 text-ink" : "text-ink-faint")}
        >
          {wordsOf(link, isTrouble)}
        </span>
      )}
    </span>
  );
}

function wordsOf({ age, condition, word: own }: LinkView, isTrouble: boolean): string {
  const { word } = LOOK[condition];
  if (condition === "unknown") return word;
  if (age === null) return own ?? word;
  return isTrouble ? `${word}, ${formatAge(age)}` : formatAge(age);
}

function worstLink(links: readonly LinkView[]): LinkView | undefined {
  return links.toSorted(
    (a, b) => LOOK[b.condition].rank - LOOK[a.condition].rank || (b.age ?? 0) - (a.age ?? 0),
  )[0];
}
