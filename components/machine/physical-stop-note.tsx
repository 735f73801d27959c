/** Fixed words (trust rule T19): a screen may ask a machine to stop, it cannot make it safe. */
export function PhysicalStopNote() {
  return (
    <p className="text-xs text-ink-faint">
      This asks the controller over the network. In danger, press the red button on the machine itself.
    </p>
  );
}
