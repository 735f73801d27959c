import { joinClasses } from "#components/ui/join-classes.ts";
import { Shape, type ShapeName } from "#components/ui/shape.tsx";
import { type CommandStatus, commandStatusLabel } from "#lib/model/command.ts";
import { type MachineStatus, machineStatusLabel } from "#lib/model/machine.ts";
import { type RunStatus, runStatusLabel } from "#lib/model/run.ts";
import { type WorkStatus, workStatusLabel } from "#lib/model/workflow.ts";

type Look = { readonly shape: ShapeName; readonly tone: string };

const PRESENT = "text-ink";
const QUIET = "text-ink-muted";

const MACHINE: Record<MachineStatus, Look> = {
  offline: { shape: "dash", tone: "text-ink-faint" },
  idle: { shape: "ring", tone: QUIET },
  processing: { shape: "play", tone: PRESENT },
  stopping: { shape: "half", tone: PRESENT },
  error: { shape: "diamond", tone: "text-alarm-1" },
  unknown: { shape: "question", tone: "text-alarm-2" },
  maintenance: { shape: "wrench", tone: QUIET },
};

const RUN: Record<RunStatus, Look> = {
  preparing: { shape: "ring", tone: PRESENT },
  running: { shape: "play", tone: PRESENT },
  paused: { shape: "pause", tone: PRESENT },
  completed: { shape: "check", tone: QUIET },
  failed: { shape: "diamond", tone: "text-alarm-1" },
  aborted: { shape: "square", tone: PRESENT },
};

const COMMAND: Record<CommandStatus, Look> = {
  requested: { shape: "ring", tone: PRESENT },
  accepted: { shape: "half", tone: PRESENT },
  executing: { shape: "play", tone: PRESENT },
  succeeded: { shape: "check", tone: QUIET },
  failed: { shape: "diamond", tone: "text-alarm-1" },
  rejected: { shape: "triangle", tone: "text-alarm-2" },
  expired: { shape: "triangle", tone: "text-alarm-2" },
  superseded: { shape: "dash", tone: QUIET },
};

const WORK: Record<WorkStatus, Look> = {
  pending: { shape: "ring", tone: QUIET },
  in_progress: { shape: "play", tone: PRESENT },
  completed: { shape: "check", tone: QUIET },
  failed: { shape: "diamond", tone: "text-alarm-1" },
};

const SIZES = {
  sm: { text: "text-xs gap-1.5", shape: "size-2.5" },
  md: { text: "text-sm gap-1.5", shape: "size-3" },
  lg: { text: "text-lg gap-2", shape: "size-3.5" },
  xl: { text: "text-2xl gap-2.5 tracking-tight", shape: "size-5" },
} as const;

interface WordProps {
  readonly size?: keyof typeof SIZES;
  /** The last word came over a link that is now lost, so the truth may have moved on. */
  readonly isStale?: boolean;
  /** Names the word for a screen reader and makes it announce changes, e.g. "Machine status". */
  readonly label?: string;
}

/** The status of a machine: a form and one word, coloured only when a person is needed. */
export function MachineStatusWord({ status, ...rest }: WordProps & { readonly status: MachineStatus }) {
  return <StatusWord {...rest} look={MACHINE[status]} word={machineStatusLabel(status)} />;
}

export function RunStatusWord({ status, ...rest }: WordProps & { readonly status: RunStatus }) {
  return <StatusWord {...rest} look={RUN[status]} word={runStatusLabel(status)} />;
}

export function CommandStatusWord({ status, ...rest }: WordProps & { readonly status: CommandStatus }) {
  return <StatusWord {...rest} look={COMMAND[status]} word={commandStatusLabel(status)} />;
}

export function WorkStatusWord({ status, ...rest }: WordProps & { readonly status: WorkStatus }) {
  return <StatusWord {...rest} look={WORK[status]} word={workStatusLabel(status)} />;
}

function StatusWord({
  look,
  word,
  size = "md",
  isStale = false,
  label,
}: WordProps & { look: Look; word: string }) {
  const Tag = label ? "output" : "span";
  return (
    <Tag
      {...(label ? { "aria-label": label } : {})}
      className={joinClasses(
        "inline-flex items-center whitespace-nowrap font-semibold",
        SIZES[size].text,
        isStale ? "hatched text-ink-faint" : look.tone,
      )}
    >
      <Shape name={look.shape} className={SIZES[size].shape} />
      <span>
        {word}
        {isStale ? <span className="text-xs font-medium tracking-normal">, last known</span> : null}
      </span>
    </Tag>
  );
}
