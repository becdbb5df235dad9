// The curves of the chosen runs over each other. Knows the plotting library; the numbers are in the table beside it.
import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Epoch, Run } from "../../api/types.ts";
import { onColours } from "../../shell/theme.ts";
import { formatNumber, formatPercent, listOf } from "../../strings/format.ts";
import { formatLoss, train as words } from "../../strings/train.ts";
import { DASHES } from "./looks.tsx";
import { nameOf } from "./runs-table.tsx";
import styles from "./train.module.css";

type Quantity = "loss" | "accuracy";
type Line = { run: Run; look: number; of: "training" | "validation"; value: (epoch: Epoch) => number };

export function Curves({ runs, looks }: { runs: readonly Run[]; looks: ReadonlyMap<string, number> }) {
  const [quantity, setQuantity] = useState<Quantity>("loss");
  const [at, setAt] = useState<number | null>(null);
  const lines = linesOf(runs, looks, quantity);
  const hasPoints = runs.some(({ history }) => history.length > 0);
  const label = words.chartOf(words[quantity], listOf(runs.map(nameOf)));
  return (
    <>
      <fieldset className={styles.quantity}>
        <legend className="visually-hidden">{words.curvesOf}</legend>
        {(["loss", "accuracy"] as const).map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="quantity"
              checked={quantity === one}
              onChange={() => setQuantity(one)}
            />
            {words[one]}
          </label>
        ))}
        <span className={styles.key} aria-hidden="true">
          <i /> {words.validation} {quantity === "loss" && <i data-thin="" />}{" "}
          {quantity === "loss" && words.training}
        </span>
      </fieldset>
      <div className={styles.chart}>
        {hasPoints ? (
          <Plot
            // Other lines are another chart; more epochs of the same lines are more data.
            key={`${quantity} ${lines.map(({ run, look, of }) => `${run.id} ${look} ${of}`).join()}`}
            lines={lines}
            label={label}
            onCursor={setAt}
          />
        ) : (
          <p className={styles.none}>{runs.length === 0 ? words.chooseRun : words.noEpochs}</p>
        )}
      </div>
      <p className={styles.readout} aria-hidden="true">
        {at !== null && readout(lines, at, quantity)}
      </p>
    </>
  );
}

function linesOf(
  runs: readonly Run[],
  looks: ReadonlyMap<string, number>,
  quantity: Quantity,
): readonly Line[] {
  return runs.flatMap((run): Line[] => {
    const look = looks.get(run.id) ?? 0;
    if (quantity === "accuracy")
      return [{ run, look, of: "validation", value: (epoch) => epoch.validationAccuracy }];
    return [
      { run, look, of: "training", value: (epoch) => epoch.trainLoss },
      { run, look, of: "validation", value: (epoch) => epoch.validationLoss },
    ];
  });
}

/** x: epochs 1 to the longest run's last; a run that is shorter ends earlier. */
function dataOf(lines: readonly Line[]): uPlot.AlignedData {
  const longest = Math.max(0, ...lines.map(({ run }) => run.history.length));
  const x = Array.from({ length: longest }, (_, i) => i + 1);
  return [
    x,
    ...lines.map(({ run, value }) => x.map((_, i) => (run.history[i] ? value(run.history[i]) : null))),
  ];
}

function readout(lines: readonly Line[], index: number, quantity: Quantity): string {
  const said = lines.flatMap(({ run, of, value }) => {
    const epoch = run.history[index];
    if (!epoch) return [];
    const shown = quantity === "accuracy" ? formatPercent(value(epoch)) : formatLoss(value(epoch));
    return [`${nameOf(run)}, ${words[of]}: ${shown}`];
  });
  return [`${words.epoch} ${formatNumber(index + 1)}`, ...said].join(" · ");
}

function Plot({
  lines,
  label,
  onCursor,
}: {
  lines: readonly Line[];
  label: string;
  onCursor: (index: number | null) => void;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const newest = useRef(lines);
  newest.current = lines;
  useEffect(() => {
    const element = frame.current!;
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(
        optionsFor(element, newest.current, onCursor),
        dataOf(newest.current),
        element,
      );
    };
    make();
    const stop = onColours(make);
    const watcher = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      stop();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [onCursor]);
  useEffect(() => {
    plot.current?.setData(dataOf(lines));
  }, [lines]);
  return <div ref={frame} className={styles.plot} role="img" aria-label={label} />;
}

function optionsFor(
  element: HTMLElement,
  lines: readonly Line[],
  onCursor: (index: number | null) => void,
): uPlot.Options {
  const ink = colourOf(element, "--ink-soft");
  const grid = { stroke: colourOf(element, "--line"), width: 1 };
  const font = `14px ${getComputedStyle(element).fontFamily}`;
  const axis: uPlot.Axis = { stroke: ink, grid, ticks: grid, font };
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    legend: { show: false },
    scales: { x: { time: false } },
    cursor: { drag: { x: false, y: false }, points: { size: 8 } },
    axes: [
      { ...axis, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500] },
      { ...axis, size: 56 },
    ],
    series: [
      {},
      ...lines.map(({ look, of }) => ({
        stroke: colourOf(element, `--run-${look}`),
        width: of === "validation" ? 3 : 1.25,
        dash: [...(DASHES[look] ?? [])],
        points: { show: false },
      })),
    ],
    hooks: { setCursor: [({ cursor }) => onCursor(cursor.idx ?? null)] },
  };
}

/** A canvas knows no variables: the browser says what colour it is just now. */
function colourOf(element: HTMLElement, variable: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${variable})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
