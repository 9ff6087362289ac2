import { useEffect, useRef } from "react";
import UPlot from "uplot";

import "uplot/dist/uPlot.min.css";
import classes from "./step-chart.module.css";

interface StepChartProps {
  /** Seconds since 1970, rising. */
  readonly seconds: readonly number[];
  readonly values: readonly number[];
  /** Said by screen readers instead of the line. */
  readonly label: string;
  readonly formatValue: (value: number) => string;
  readonly formatTick: (instant: number, spanMs: number) => string;
  readonly formatMoment: (instant: number) => string;
}

const HEIGHT = 176;

/** A number that holds until it changes, over time. Pointing at it reads the value at that moment. */
export function StepChart(props: StepChartProps) {
  const { seconds, values, label } = props;
  const frame = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot | null>(null);
  const formats = useRef(props);
  const data = useRef<UPlot.AlignedData>([[], []]);

  useEffect(() => {
    formats.current = props;
  });

  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const read = (plot: UPlot) => showReadout(plot, readout.current, formats.current);
    const plot = new UPlot(optionsFor(element.clientWidth, formats, read), data.current, element);
    chart.current = plot;
    const resizing = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    resizing.observe(element);
    const recolouring = new MutationObserver(() => plot.redraw());
    recolouring.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
    return () => {
      resizing.disconnect();
      recolouring.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    data.current = [[...seconds], [...values]];
    chart.current?.setData(data.current);
  }, [seconds, values]);

  return (
    <figure className={classes["chart"]} aria-label={label}>
      <div ref={readout} className={classes["readout"]} aria-hidden="true" />
      <div ref={frame} />
    </figure>
  );
}

type Formats = { readonly current: StepChartProps };

function optionsFor(width: number, formats: Formats, read: (plot: UPlot) => void): UPlot.Options {
  const axis: UPlot.Axis = {
    stroke: () => colour("--op-text-faint"),
    grid: { stroke: () => colour("--op-line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
  };
  return {
    width,
    height: HEIGHT,
    padding: [12, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false }, points: { size: 7 } },
    hooks: { setCursor: [read] },
    scales: { y: { range: (_, least, most) => paddedRange(least, most) } },
    axes: [
      {
        ...axis,
        size: 30,
        space: 72,
        values: (plot, splits) => {
          const { min = 0, max = 0 } = plot.scales["x"] ?? {};
          const spanMs = ((max ?? 0) - (min ?? 0)) * 1000;
          return splits.map((split) => formats.current.formatTick(split * 1000, spanMs));
        },
      },
      {
        ...axis,
        size: 52,
        // Units are whole: half a unit is no place for a line.
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000, 1_000_000],
        values: (_, splits) => splits.map((split) => formats.current.formatValue(split)),
      },
    ],
    series: [
      {},
      {
        stroke: () => colour("--op-accent"),
        fill: () => colour("--op-surface-active"),
        width: 2,
        points: { show: false },
        ...steppedPaths(),
      },
    ],
  };
}

/** The value holds from its moment until the next one. */
function steppedPaths(): Pick<UPlot.Series, "paths"> {
  const paths = UPlot.paths.stepped?.({ align: 1 });
  return paths === undefined ? {} : { paths };
}

/** Nought is in sight whenever it is near, so that the height of the line means something. */
function paddedRange(least: number, most: number): [number, number] {
  const low = least <= 0 || least < (most - least) * 3 ? Math.min(0, least) : least;
  const room = Math.max(1, (most - low) * 0.08);
  return [low === 0 ? 0 : Math.floor(low - room), Math.ceil(most + room)];
}

function showReadout(plot: UPlot, element: HTMLDivElement | null, formats: StepChartProps): void {
  if (element === null) return;
  const index = plot.cursor.idx ?? null;
  const second = index === null ? undefined : plot.data[0][index];
  const value = index === null ? undefined : plot.data[1]?.[index];
  element.textContent =
    second === undefined || value === undefined || value === null
      ? ""
      : `${formats.formatValue(value)} · ${formats.formatMoment(second * 1000)}`;
}

function colour(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable);
}
