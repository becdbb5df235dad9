// The look of the report: one style sheet, light and dark, narrow, wide and on paper. Knows class names only.

export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #f7f8f8; --card: #ffffff; --ink: #171c21; --soft: #56616c; --line: #dce1e5;
  --accent: #0f6570; --second: #a2481f; --warn-paper: #fdf3e7; --warn-line: #d9a25f; --most-heat: .75;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", "Source Serif 4", Georgia, "Liberation Serif", serif;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #10151a; --card: #171e24; --ink: #e6eaed; --soft: #9ba8b4; --line: #2b353e;
    --accent: #63bfc9; --second: #e59a68; --warn-paper: #2a2118; --warn-line: #8a6534; --most-heat: .5;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 var(--sans); font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
main, header, footer { max-width: 76rem; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 3rem); }
header { padding-top: clamp(2rem, 5vw, 4rem); padding-bottom: 1.5rem; }
p, h1, h2, h3, ul, dl, figure { margin: 0; }
p { max-width: 42rem; text-wrap: pretty; }
p + p, p + ul, ul + p { margin-top: .6rem; }
b, strong { font-weight: 600; }
b { white-space: nowrap; }
h1 { font: 400 clamp(1.9rem, 5vw, 3rem)/1.12 var(--serif); letter-spacing: -.01em; text-wrap: balance; }
h2 { font: 400 1.45rem/1.2 var(--serif); text-wrap: balance; }
h3 { font-size: 1rem; font-weight: 600; margin: 1.75rem 0 .5rem; }
h3:first-child { margin-top: 0; }
.kind { color: var(--soft); margin-bottom: .5rem; }
.note, caption, small { color: var(--soft); }
.note { font-size: .875rem; margin-top: .6rem; }
code, pre { font: .875em/1.6 var(--mono); }
pre { margin: 0; padding: .8rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: 6px; white-space: pre-wrap; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

.facts { display: flex; flex-wrap: wrap; gap: .75rem 2.5rem; margin-top: 1.5rem; }
.facts dt { font-size: .8125rem; color: var(--soft); }
.facts dd { margin: 0; }

section { border-top: 1px solid var(--line); padding: 2rem 0 2.25rem; display: grid; gap: 1rem 2.5rem; grid-template-columns: minmax(0, 1fr); }
section > div { min-width: 0; }
@media (min-width: 62rem) { section { grid-template-columns: 12rem minmax(0, 1fr); } }
section h2 + p { color: var(--soft); font-size: .875rem; margin-top: .4rem; }

.figure { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1.75rem; max-width: none; }
.big { font: 400 clamp(3.4rem, 13vw, 5.6rem)/1 var(--serif); letter-spacing: -.025em; color: var(--accent); white-space: nowrap; font-variant-numeric: lining-nums tabular-nums; }
.scale { position: relative; height: 3.1rem; max-width: 42rem; margin-top: 1.1rem; }
.scale::before { content: ""; position: absolute; inset: .55rem 0 auto; height: 2px; background: var(--line); }
.scale span { position: absolute; }
.scale .band { top: .35rem; height: calc(.4rem + 2px); min-width: 3px; background: color-mix(in srgb, var(--accent) 40%, var(--paper)); border-radius: 2px; }
.scale .mark { top: 0; width: 4px; height: calc(1.1rem + 2px); margin-left: -2px; background: var(--accent); border-radius: 2px; }
.scale .chance { top: .25rem; width: 1px; height: calc(.6rem + 2px); background: var(--soft); }
.scale .name { top: 1.45rem; font-size: .8125rem; color: var(--soft); white-space: nowrap; }
.scale .end { right: 0; }
.warn { background: var(--warn-paper); border: 1px solid var(--warn-line); border-radius: 6px; padding: 1rem 1.2rem; margin-top: 1.5rem; max-width: 42rem; }
.warn:first-child { margin-top: 0; }
.warn + .charts { margin-top: 1.5rem; }
.warn ul { padding-left: 1.15rem; margin-top: .35rem; }
.warn li + li { margin-top: .3rem; }

.wide { overflow-x: auto; }
p + .wide, p + .scroll { margin-top: .8rem; }
table { border-collapse: collapse; font-size: .9375rem; }
caption { caption-side: bottom; text-align: left; font-size: .875rem; padding-top: .6rem; }
th { text-align: left; font-weight: 400; }
thead th { font-size: .8125rem; color: var(--soft); vertical-align: bottom; }
td, th { padding: .4rem 1.25rem .4rem 0; vertical-align: top; overflow-wrap: break-word; }
td:last-child, th:last-child { padding-right: 0; }
tbody tr { border-top: 1px solid var(--line); }
.numbers td, .numbers thead th, .count { text-align: right; white-space: nowrap; }
.numbers thead th:first-child, .numbers .text { text-align: left; }
.numbers thead th { white-space: normal; }
.names td, .names th { white-space: pre-wrap; }
.names code { overflow-wrap: anywhere; }
.scroll .names th, .scroll .names td { min-width: 9rem; }

.recall { width: 100%; max-width: 52rem; }
.recall small { display: block; font-size: .8125rem; }
.recall .bar { width: 50%; min-width: 4.5rem; }
.bar span { display: block; height: .8rem; margin-top: .35rem; border-radius: 2px; position: relative; background: linear-gradient(var(--accent), var(--accent)) 0 0 / var(--share) 100% no-repeat var(--line); }
.bar span::after { content: ""; position: absolute; inset: -2px auto -2px var(--chance); width: 1px; background: var(--ink); outline: 1px solid var(--paper); }

.heat { font-size: .9375rem; border-collapse: separate; border-spacing: 2px; }
.heat tbody tr { border: 0; }
.heat td, .heat th { padding: .35rem .3rem; }
.heat td { text-align: center; min-width: 3.4rem; line-height: 1.25; border-radius: 3px; vertical-align: middle; }
.heat tbody th { padding-right: .6rem; vertical-align: middle; }
.heat thead th { text-align: center; }
.heat thead th:first-child { text-align: left; }
.heat td small { display: block; margin: 0; font-size: .6875rem; color: inherit; }
.heat .right { background: color-mix(in srgb, var(--accent) calc(var(--heat, 0%) * .42), var(--card)); box-shadow: inset 0 0 0 1.5px var(--accent); font-weight: 600; }
.heat .right small { font-weight: 400; }
.heat .wrong { background: color-mix(in srgb, var(--second) calc(var(--heat) * var(--most-heat)), var(--card)); }
.heat .none { color: var(--soft); }
.heat .none:not(.right) { background: var(--card); }
.heat .sum { color: var(--soft); padding-left: .6rem; }
@media (max-width: 34rem) {
  table, .heat { font-size: .875rem; }
  td, th { padding-right: .7rem; }
  .heat { border-spacing: 1px; }
  .heat td { min-width: 1.95rem; padding: .3rem 0; }
  .heat td small { font-size: .625rem; }
  .heat th { padding: .3rem .1rem; }
  .heat thead th { writing-mode: vertical-rl; transform: rotate(180deg); text-align: left; vertical-align: middle; }
  .heat thead th:first-child { writing-mode: horizontal-tb; transform: none; vertical-align: bottom; }
  .heat .sum { padding-left: .1rem; }
}
.list { padding-left: 1.15rem; margin-top: .4rem; }

.charts { display: grid; gap: 2.25rem 2.5rem; grid-template-columns: minmax(0, 1fr); }
@media (min-width: 46rem) { .charts { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
.chart { display: grid; grid-template-rows: subgrid; grid-row: span 2; row-gap: 0; }
.chart figcaption { font-size: .8125rem; color: var(--soft); }
.chart figcaption strong { display: block; font-size: 1rem; color: var(--ink); }
.legend { display: flex; flex-wrap: wrap; gap: 0 .9rem; }
.legend span, .hover span { white-space: nowrap; }
.legend b, .hover b { color: var(--ink); }
.plot { position: relative; height: 15rem; margin: .6rem 0 1.7rem 3.1rem; }
.small .plot { height: 6.5rem; }
.plot > svg { position: absolute; width: 100%; height: 100%; overflow: visible; }
svg path { fill: none; vector-effect: non-scaling-stroke; stroke-linecap: round; stroke-linejoin: round; }
.grid { stroke: var(--line); stroke-width: 1; }
.best { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 1 3; }
.line { stroke-width: 2; stroke: var(--accent); }
.line.dashed { stroke: var(--soft); stroke-width: 1.6; stroke-dasharray: 6 5; }
.line.dotted { stroke: var(--second); stroke-dasharray: .1 4; stroke-width: 2.6; }
.dot { stroke-width: 9; stroke: var(--accent); }
.dot.dashed { stroke: var(--soft); stroke-width: 7; }
.dot.dotted { stroke: var(--second); }
.sample { width: 22px; height: 8px; vertical-align: middle; }
.ticks span { position: absolute; font-size: .75rem; line-height: 1; color: var(--soft); white-space: nowrap; }
.ticks .y { right: calc(100% + .5rem); transform: translateY(-50%); }
.ticks .x { top: calc(100% + .5rem); transform: translateX(-50%); }
.hover { position: absolute; inset: 0; display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); }
.hover p { display: none; position: absolute; left: -3.1rem; right: 0; bottom: calc(100% + .3rem); max-width: none; margin: 0; padding: .2rem .55rem; font-size: .8125rem; color: var(--soft); background: var(--card); border: 1px solid var(--line); border-radius: 4px; pointer-events: none; z-index: 1; }
.hover div:hover { background: linear-gradient(var(--soft), var(--soft)) center / 1px 100% no-repeat; }
.hover div:hover p { display: block; }

details { margin-top: 1.5rem; }
summary { cursor: pointer; color: var(--accent); width: fit-content; }
details[open] summary { margin-bottom: .6rem; }
.epochs tr.chosen td, .epochs tr.chosen th { font-weight: 600; background: color-mix(in srgb, var(--accent) 12%, transparent); }
.scroll { max-height: 28rem; overflow: auto; }
footer { border-top: 1px solid var(--line); padding-top: 1.5rem; padding-bottom: 4rem; }

@media print {
  body { background: #fff; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  section { padding: 1.2rem 0; }
  section h2, h3 { break-after: avoid; }
  figure, tr, .warn, .figure { break-inside: avoid; }
  .charts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .wide, .scroll { overflow: visible; max-height: none; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  .hover { display: none; }
  .epochs { font-size: 7.5pt; }
  td, th { padding-right: .7rem; }
}
`;
