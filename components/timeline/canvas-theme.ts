/** The drawing colours of the present theme, read from the same variables as everything else. */
export interface CanvasTheme {
  readonly surface: string;
  readonly sunken: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly ink: string;
  readonly inkMuted: string;
  readonly inkFaint: string;
  readonly mark: string;
  readonly markSoft: string;
  readonly track: string;
  readonly accent: string;
  readonly accentSoft: string;
  readonly alarm1: string;
  readonly alarm2: string;
  readonly font: string;
}

/** Reads the colours that apply at this element. Costs a style lookup: once per theme, not per frame. */
export function readCanvasTheme(element: Element): CanvasTheme {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  return {
    surface: color("--surface"),
    sunken: color("--sunken"),
    line: color("--line"),
    lineStrong: color("--line-strong"),
    ink: color("--ink"),
    inkMuted: color("--ink-muted"),
    inkFaint: color("--ink-faint"),
    mark: color("--mark"),
    markSoft: color("--mark-soft"),
    track: color("--track"),
    accent: color("--accent"),
    accentSoft: color("--accent-soft"),
    alarm1: color("--alarm-1"),
    alarm2: color("--alarm-2"),
    font: style.fontFamily,
  };
}
