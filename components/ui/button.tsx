import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { joinClasses } from "#components/ui/join-classes.ts";

const VARIANTS = {
  /** The one thing this place is for. */
  primary: "bg-ink text-ink-inverse border-transparent hover:bg-ink-muted",
  secondary: "bg-surface text-ink border-line-strong/60 hover:bg-hover hover:border-line-strong",
  ghost: "bg-transparent text-ink-muted border-transparent hover:bg-hover hover:text-ink",
  /** Ends something on a machine: heavy outline, never alarm-coloured, because stopping is not an alarm. */
  stop: "bg-surface text-ink border-2 border-ink font-semibold hover:bg-ink hover:text-ink-inverse",
} as const;

const SIZES = {
  sm: "h-7 px-2.5 text-xs gap-1.5",
  md: "h-9 px-3.5 text-sm gap-2",
  /** 44 px: for anything a finger must hit. */
  lg: "h-11 px-5 text-base gap-2",
  /** 44 px, of which most is air: its place takes some of that back. */
  icon: "size-11 text-sm",
} as const;

interface ButtonProps extends ComponentProps<"button"> {
  readonly variant?: keyof typeof VARIANTS;
  readonly size?: keyof typeof SIZES;
  /** Asked for, not answered yet. The button keeps its place and takes no second press. */
  readonly isPending?: boolean;
  /** Draw the child (a link) as a button. */
  readonly asChild?: boolean;
}

/** A button; with `asChild` a link that looks like one. Text says the effect ("Stop run"), never "OK". */
export function Button({
  variant = "secondary",
  size = "md",
  isPending = false,
  asChild = false,
  className,
  disabled,
  ...rest
}: ButtonProps) {
  const Tag = asChild ? Slot.Root : "button";
  const state = asChild ? {} : { type: rest.type ?? ("button" as const), disabled: disabled || isPending };

  return (
    <Tag
      {...rest}
      {...state}
      aria-busy={isPending || undefined}
      className={joinClasses(
        "inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-md border font-medium",
        "transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-55",
        isPending && "hatched",
        VARIANTS[variant],
        SIZES[size],
        className,
      )}
    />
  );
}
