import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { Fact, Facts } from "#components/ui/facts.tsx";
import type { AppVersions, SystemReport } from "#lib/model/system.ts";
import { counted } from "#lib/view/count.ts";

interface VersionsCardProps {
  readonly versions: AppVersions;
  readonly report: Pick<SystemReport, "postgres" | "migration">;
}

/** What serves these pages and what keeps the record: for whoever is asked for help. */
export function VersionsCard({ versions, report: { postgres, migration } }: VersionsCardProps) {
  return (
    <Card aria-label="Versions">
      <CardHeader title="Versions" />
      <CardBody>
        <Facts>
          <Fact label="Pulseboard" note={versions.commit ?? "commit not told"}>
            {versions.app}
          </Fact>
          <Fact label="Node">{versions.node}</Fact>
          <Fact label="Postgres" note={versions.isEmbedded ? "embedded" : "a Supabase project"}>
            {postgres}
          </Fact>
          <Fact
            label="Newest migration"
            note={migration === null ? null : `${counted(migration.count, "migration")} applied`}
          >
            {migration === null ? "not told" : `${migration.version} ${migration.name ?? ""}`}
          </Fact>
        </Facts>
      </CardBody>
    </Card>
  );
}
