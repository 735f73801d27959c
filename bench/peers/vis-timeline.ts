import { COLOURS, HEIGHT, type OpenChart, type PeerStep } from "./peer.ts";

/** What is used of vis-timeline, whose script the page brings along. */
type Vis = {
  DataSet: new (items: object[]) => { add(item: object): void };
  Timeline: new (
    box: HTMLElement,
    items: object,
    groups: object[],
    options: object,
  ) => {
    on(event: "changed", done: () => void): void;
    off(event: "changed", done: () => void): void;
    setWindow(from: number, to: number, options: object): void;
  };
};

const itemOf = ({ lane, startMs, endMs }: PeerStep, id: number) => ({
  id,
  group: lane,
  start: startMs,
  end: endMs,
  content: "",
  title: `${endMs - startMs} ms`,
  style: `background:${COLOURS[lane % COLOURS.length]}`,
});

export const visTimeline: OpenChart = (box, lanes) => {
  const vis = (globalThis as unknown as { vis: Vis }).vis;
  let count = 0;
  let items: InstanceType<Vis["DataSet"]> | null = null;
  let timeline: InstanceType<Vis["Timeline"]> | null = null;
  return {
    draw(steps) {
      items = new vis.DataSet(steps.map(itemOf));
      count = steps.length;
      const groups = lanes.map((content, id) => ({ id, content }));
      timeline = new vis.Timeline(box, items, groups, {
        stack: false,
        height: HEIGHT,
        zoomKey: "ctrlKey",
        showCurrentTime: false,
        start: 0,
        end: steps.at(-1)?.endMs ?? 1,
      });
      return new Promise((resolve) => {
        const done = () => {
          timeline?.off("changed", done);
          resolve();
        };
        timeline?.on("changed", done);
      });
    },
    append(step, spanMs) {
      items?.add(itemOf(step, count));
      count += 1;
      timeline?.setWindow(step.endMs - spanMs, step.endMs, { animation: false });
    },
  };
};
