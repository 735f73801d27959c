import { COLOURS, type OpenChart, type PeerStep } from "./peer.ts";

/** What is used of ECharts, whose script the page brings along. */
type ECharts = {
  init(box: HTMLElement): {
    setOption(option: object): void;
    on(event: "finished", done: () => void): void;
    off(event: "finished", done: () => void): void;
    dispatchAction(action: object): void;
    appendData(data: { seriesIndex: number; data: Row[] }): void;
  };
};
type Row = [lane: number, startMs: number, endMs: number];
type Place = {
  value(index: number): number;
  coord(value: [number, number]): [number, number];
  size(value: [number, number]): [number, number];
};

const rowOf = ({ lane, startMs, endMs }: PeerStep): Row => [lane, startMs, endMs];

export const eCharts: OpenChart = (box, lanes) => {
  const chart = (globalThis as unknown as { echarts: ECharts }).echarts.init(box);
  const rows: Row[] = [];
  return {
    draw(steps) {
      for (const step of steps) rows.push(rowOf(step));
      return new Promise((resolve) => {
        const done = () => {
          chart.off("finished", done);
          resolve();
        };
        chart.on("finished", done);
        chart.setOption({
          animation: false,
          grid: { left: 80, right: 10, top: 10, bottom: 30 },
          xAxis: { min: 0, max: "dataMax" },
          yAxis: { type: "category", data: lanes },
          tooltip: {},
          dataZoom: [{ type: "inside", filterMode: "weakFilter", zoomOnMouseWheel: "ctrl" }],
          series: [{ type: "custom", renderItem: bar, encode: { x: [1, 2], y: 0 }, data: rows }],
        });
      });
    },
    append(step, spanMs) {
      rows.push(rowOf(step));
      chart.setOption({ series: [{ data: rows }] });
      chart.dispatchAction({ type: "dataZoom", startValue: step.endMs - spanMs, endValue: step.endMs });
    },
  };
};

function bar(_: unknown, place: Place): object {
  const lane = place.value(0);
  const [left, middle] = place.coord([place.value(1), lane]);
  const [right] = place.coord([place.value(2), lane]);
  const height = place.size([0, 1])[1] * 0.6;
  return {
    type: "rect",
    shape: { x: left, y: middle - height / 2, width: Math.max(1, right - left), height },
    style: { fill: COLOURS[lane % COLOURS.length] },
  };
}
