interface PinBoxProps {
  /** Of which run: "TiO2 150 on ALD-02, started …". */
  readonly name: string;
  readonly isPinned: boolean;
  readonly onPin: (isPinned: boolean) => void;
}

/** Chooses a run to be compared or exported. Over the link that the rest of its row is. */
export function PinBox({ name, isPinned, onPin }: PinBoxProps) {
  return (
    <label className="relative z-10 -my-0.5 -ml-2 flex size-9 items-center justify-center">
      <span className="sr-only">Pin {name}</span>
      <input
        type="checkbox"
        className="size-4 accent-accent"
        checked={isPinned}
        onChange={(event) => onPin(event.target.checked)}
      />
    </label>
  );
}
