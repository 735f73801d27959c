import { Field, Select } from "#components/ui/field.tsx";
import type { RecipeVersion } from "#lib/model/recipe.ts";
import type { VersionPair } from "#lib/view/version-pair.ts";

interface VersionChoiceProps {
  readonly versions: readonly RecipeVersion[];
  readonly pair: VersionPair;
  readonly onChoose: (pair: VersionPair) => void;
}

/** Which two versions are laid beside each other. */
export function VersionChoice({ versions, pair, onChoose }: VersionChoiceProps) {
  return (
    <div className="flex flex-wrap items-end gap-3 px-4 py-3">
      <OneVersion
        label="What changed from"
        versions={versions}
        value={pair.from}
        onChoose={(from) => onChoose({ ...pair, from })}
      />
      <OneVersion
        label="to"
        versions={versions}
        value={pair.to}
        onChoose={(to) => onChoose({ ...pair, to })}
      />
    </div>
  );
}

interface OneVersionProps {
  readonly label: string;
  readonly versions: readonly RecipeVersion[];
  readonly value: number;
  readonly onChoose: (version: number) => void;
}

function OneVersion({ label, versions, value, onChoose }: OneVersionProps) {
  return (
    <Field label={label} className="w-36">
      {(wiring) => (
        <Select {...wiring} value={value} onChange={({ target }) => onChoose(Number(target.value))}>
          {versions.some(({ version }) => version === value) ? null : (
            <option value={value}>version {value}, not kept</option>
          )}
          {versions.map(({ version }) => (
            <option key={version} value={version}>
              version {version}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
