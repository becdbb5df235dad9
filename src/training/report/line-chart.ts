// A line chart over epochs: inline SVG for the lines, HTML for its words, no script. Knows numbers, not training.
import { html, type Markup } from "./html.ts";

/** The look of a line carries its meaning as much as its colour. */
export type LineLook = "solid" | "dashed" | "dotted";

export interface Line {
  name: string;
  look: LineLook;
  /** One of each epoch; what is not finite leaves a gap. */
  values: readonly number[];
}

export interface LineChart {
  /** Of the page's element; letters and `-`. */
  id: string;
  title: string;
  epochs: readonly number[];
  lines: readonly Line[];
  /** Position in `epochs` of the one that is marked. */
  best: number | null;
  format: (value: number) => string;
  /** Of the scale's labels, which are round numbers; not given: `format`. */
  formatTick?: (value: number) => string;
  /** A value that the scale starts at, and one that it does not go beyond. */
  from?: number;
  to?: number;
  small?: boolean;
}

/** The chart as a figure: its values at the marked epoch (or the last) in the caption, the others on hover. */
export function lineChart(chart: LineChart): Markup {
  const { id, title, epochs, lines, best } = chart;
  const scale = scaleOf(chart);
  const x = (i: number) => round(((i + 0.5) / epochs.length) * 100);
  const y = (value: number) => round(((scale.high - value) / (scale.high - scale.low)) * 100);
  const shown = best ?? epochs.length - 1;
  const xTicks = epochTicks(epochs, chart.small ? 4 : 7);
  return html`<figure class="chart${chart.small ? " small" : ""}">
<figcaption><strong>${title}</strong>
<span class="legend"><span>${best === null ? "Last" : "Best"} epoch, ${epochs[shown]}:</span>
${lines.map((line) => html`<span>${sample(line.look)} ${line.name} <b>${chart.format(line.values[shown]!)}</b></span>\n`)}</span></figcaption>
<div class="plot">
<svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">${title}</title>
<desc id="${id}-desc">${describe(chart)}</desc>
${scale.ticks.map((tick) => html`<path class="grid" d="M0 ${y(tick)}H100"/>`)}
${best !== null && html`<path class="best" d="M${x(best)} 0V100"/>`}
${lines.map((line) => html`<path class="line ${line.look}" d="${pathOf(line.values, x, y)}"/>\n`)}
${lines
  .filter((line) => Number.isFinite(line.values[shown]))
  .map((line) => html`<path class="dot ${line.look}" d="M${x(shown)} ${y(line.values[shown]!)}h0"/>`)}</svg>
<div class="ticks" aria-hidden="true">
${scale.ticks.map((tick) => html`<span class="y" style="top:${y(tick)}%">${(chart.formatTick ?? chart.format)(tick)}</span>`)}
${xTicks.map((i) => html`<span class="x" style="left:${x(i)}%">${epochs[i]}</span>`)}</div>
<div class="hover" aria-hidden="true">
${epochs.map(
  (epoch, i) =>
    html`<div><p>Epoch ${epoch}${i === best && ", best"}: ${lines.map(({ name, look, values }) => html`<span>${sample(look)} ${name} <b>${chart.format(values[i]!)}</b></span> `)}</p></div>\n`,
)}</div>
</div>
</figure>`;
}

/** A stroke as the line is drawn, for a legend. */
function sample(look: LineLook): Markup {
  return html`<svg class="sample" viewBox="0 0 22 8" aria-hidden="true"><path class="line ${look}" d="M1 4H21"/></svg>`;
}

function pathOf(values: readonly number[], x: (i: number) => number, y: (value: number) => number): string {
  let path = "";
  values.forEach((value, i) => {
    if (!Number.isFinite(value)) return;
    const goesOn = i > 0 && Number.isFinite(values[i - 1]);
    // `h0`: a point without neighbours is drawn too, by the round end of its stroke.
    path += goesOn ? `L${x(i)} ${y(value)}` : `M${x(i)} ${y(value)}h0`;
  });
  return path;
}

function describe({ lines, epochs, best, format }: LineChart): string {
  const ends = lines.map(({ name, values }) => {
    const known = values.flatMap((value, i) => (Number.isFinite(value) ? [i] : []));
    if (known.length === 0) return `${name}: no number`;
    const [first, last] = [known[0]!, known.at(-1)!];
    return (
      `${name}: ${format(values[first]!)} at epoch ${epochs[first]}, ` +
      `${format(values[last]!)} at epoch ${epochs[last]}`
    );
  });
  return `${ends.join("; ")}.${best === null ? "" : ` Best epoch: ${epochs[best]}.`}`;
}

interface Scale {
  low: number;
  high: number;
  ticks: number[];
}

/** Round numbers around all values, about four steps of 1, 2 or 5 times a power of ten. */
function scaleOf({ lines, from, to, small }: LineChart): Scale {
  const values = lines.flatMap((line) => line.values.filter(Number.isFinite));
  if (from !== undefined) values.push(from);
  const least = values.length > 0 ? Math.min(...values) : 0;
  const most = values.length > 0 ? Math.max(...values) : 1;
  const span = most - least || Math.abs(most) || 1;
  const step = niceStep(span / (small ? 2 : 4));
  const bottom = Math.floor(least / step) * step;
  const top = Math.ceil(most / step) * step;
  const high = Math.min(to ?? Infinity, top > bottom ? top : bottom + step);
  // All values at the upper limit: the room is below it.
  const low = bottom < high ? bottom : high - step;
  const steps = Math.round((high - low) / step);
  // From whole numbers of steps, and rounded: 0.1 + 0.2 is no label.
  const ticks = Array.from({ length: steps + 1 }, (_, i) => Number((low + i * step).toPrecision(12)));
  return { low, high, ticks: ticks.filter((tick) => tick <= high) };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((factor) => rough / power <= factor * 1.001) ?? 10);
}

/** Positions of the epochs that are named below the chart: round ones, `most` or fewer. */
function epochTicks(epochs: readonly number[], most: number): number[] {
  const step = epochs.length <= most ? 1 : niceStep(epochs.length / most);
  const every = Math.max(1, Math.ceil(step));
  return epochs.flatMap((epoch, i) => (epoch % every === 0 || epochs.length === 1 ? [i] : []));
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
