import { AgeLabel } from "#components/ui/age-label.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { joinClasses } from "#components/ui/join-classes.ts";
import { Shape, type ShapeName } from "#components/ui/shape.tsx";
import type { PermissiveRow, PermissiveState, PermissiveView } from "#lib/view/permissive-rows.ts";

const STATES: Record<PermissiveState, { shape: ShapeName; word: string; tone: string }> = {
  met: { shape: "check", word: "Met", tone: "text-ink-muted" },
  "not-met": { shape: "triangle", word: "Not met", tone: "text-alarm-2 font-semibold" },
  unknown: { shape: "dash", word: "Not known", tone: "text-ink-muted hatched" },
};

/** What must hold before a start, live: value, limits, state and age of each. The database checks the same at the start. */
export function PermissiveCard({ view }: { readonly view: PermissiveView | null }) {
  if (view === null) {
    return (
      <Card aria-label="Permissives">
        <CardHeader title="Permissives" />
        <p className="px-4 py-3 text-sm text-ink-muted">
          What must hold before a start appears with the recipe it is for.
        </p>
      </Card>
    );
  }
  return (
    <Card aria-label="Permissives">
      <CardHeader
        title="Permissives"
        note={<output aria-label="Permissives met">{summary(view)}</output>}
        aside={view.age.level === "fresh" ? null : <AgeLabel staleness={view.age} />}
      />
      {view.groups.map(({ title, rows }) => (
        <section key={title} aria-label={title} className="border-b border-line py-2 last:border-b-0">
          <h3 className="eyebrow px-4 pb-1">{title}</h3>
          <ul>
            {rows.map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </ul>
        </section>
      ))}
    </Card>
  );
}

function summary({ notMet, unknown, total }: PermissiveView): string {
  const met = total - notMet.length - unknown.length;
  const parts = [
    `${met} of ${total} met`,
    ...(notMet.length > 0 ? [`${notMet.length} not met`] : []),
    ...(unknown.length > 0 ? [`${unknown.length} not known`] : []),
  ];
  return parts.join(", ");
}

function Row({ row }: { readonly row: PermissiveRow }) {
  const { title, state, value, limits, place, age, why, hint } = row;
  const look = STATES[state];
  return (
    <li
      aria-label={title}
      className="grid grid-cols-[0.75rem_minmax(0,1fr)_5.5rem_4.5rem] gap-x-3 px-4 py-1 text-sm sm:grid-cols-[0.75rem_minmax(0,1fr)_6rem_4.75rem]"
    >
      <Shape
        name={look.shape}
        className={joinClasses("mt-1 size-3", state === "not-met" && "text-alarm-2")}
      />
      <span className="break-words">{title}</span>
      <span className={joinClasses("text-right", state === "not-met" ? "font-semibold" : "font-medium")}>
        {value ?? (limits === null ? "" : "–")}
      </span>
      <span className={joinClasses("justify-self-end rounded-sm pl-1 text-xs leading-5", look.tone)}>
        {look.word}
      </span>
      <span className="col-start-2 text-xs text-ink-faint">{limits}</span>
      {place === null ? null : <Place fraction={place} isOut={state === "not-met"} />}
      {age?.ageMs == null || state === "unknown" ? null : (
        <AgeLabel staleness={age} className="col-start-4 justify-self-end" />
      )}
      {why === null ? null : (
        <span className="col-span-3 col-start-2 pb-1 text-xs break-words">
          {why} {hint === null ? null : <span className="text-ink-muted">{hint}</span>}
        </span>
      )}
    </li>
  );
}

/** Where the value lies between its limits. */
function Place({ fraction, isOut }: { readonly fraction: number; readonly isOut: boolean }) {
  return (
    <span aria-hidden="true" className="relative col-start-3 mt-2 h-1 rounded-full bg-track">
      <span
        className={joinClasses("absolute -top-0.5 h-2 w-1 rounded-full", isOut ? "bg-alarm-2" : "bg-mark")}
        style={{ left: `calc(${fraction} * (100% - 0.25rem))` }}
      />
    </span>
  );
}
