"use client";

import { Component, type ReactNode } from "react";
import { ReloadButton } from "#app/reload-button.tsx";
import { Notice } from "#components/ui/notice.tsx";

interface ContainedProps {
  /** What is missing then, e.g. "The durations". */
  readonly name: string;
  readonly children: ReactNode;
}

/**
 * Around parts that are fetched when they are looked at: after a new deployment an open page cannot fetch them any more,
 * and a chart that cannot be drawn must not take Stop with it.
 */
export class Contained extends Component<ContainedProps, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children;
    return (
      <Notice kind="plain" aside={<ReloadButton />}>
        {this.props.name} could not be fetched; Pulseboard may have been updated while this page was open. The
        rest of the page goes on.
      </Notice>
    );
  }
}
