// How the page of a card looks: on light and dark screens, and on paper.

export const STYLE = `
:root { color-scheme: light dark; --ink: #1d2330; --soft: #5c6577; --faint: #d9dde5; --paper: #fff; --shade: #f5f7fa;
  --blue: #1f5fbf; --blue-soft: #bcd3f3; --good: #1c7c4a; --bad: #b3261e; --warn: #8a5a00; --warn-back: #fff6e0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #9aa4b8; --faint: #343b4a; --paper: #14181f;
  --shade: #1b212b; --blue: #7fb0ff; --blue-soft: #2c466d; --good: #6fcf97; --bad: #ff8a80; --warn: #f2c265;
  --warn-back: #2b2414; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 20px; margin: 40px 0 8px; padding-top: 12px; border-top: 1px solid var(--faint); overflow-wrap: anywhere; }
h3 { font-size: 15px; margin: 20px 0 6px; }
a { color: var(--blue); }
p { margin: 6px 0; max-width: 75ch; }
ul { margin: 6px 0; padding-left: 20px; }
li { margin: 2px 0; max-width: 90ch; overflow-wrap: anywhere; }
.lead, .note { color: var(--soft); }
.note { font-size: 13px; }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre { background: var(--shade); padding: 10px 12px; border-radius: 6px; white-space: pre-wrap; margin: 8px 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { padding: 4px 12px 4px 0; text-align: right; border-bottom: 1px solid var(--faint); vertical-align: baseline; white-space: nowrap; }
th:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; }
thead th { color: var(--soft); font-weight: 500; font-size: 13px; }
tbody th { font-weight: 500; max-width: 40ch; }
.scroll { overflow-x: auto; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 10px; margin: 18px 0; }
.fact { background: var(--shade); border-radius: 8px; padding: 10px 14px; }
.fact b { display: block; font-size: 20px; font-weight: 600; }
.fact span { color: var(--soft); font-size: 13px; }
.limits { background: var(--warn-back); border-radius: 8px; padding: 10px 16px; margin: 18px 0; }
.limits h3 { margin-top: 4px; }
.beside { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px 32px; align-items: start; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(235px, 1fr)); gap: 16px; margin: 0; }
figure { margin: 0; }
.chart { display: block; width: 100%; max-width: 400px; height: auto; }
.chart path { fill: none; }
.grid { stroke: var(--faint); stroke-width: .7; }
.line { stroke: var(--blue); stroke-width: 2; stroke-linejoin: round; }
.thin { stroke-width: 1.2; }
.per-user { stroke: var(--soft); stroke-width: 1.3; stroke-dasharray: 5 3; }
.chance { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 3; }
.error { stroke: var(--blue); stroke-width: 1.4; opacity: .55; }
.dot { fill: var(--blue); }
.tick { font-size: 10px; fill: var(--soft); }
.axis { font-size: 11px; fill: var(--ink); }
.bar { width: 90px; height: 9px; border-radius: 3px; vertical-align: middle; margin-right: 8px; }
.whole { fill: var(--faint); }
.part { fill: var(--blue); }
.mark { display: inline-block; font-size: 12px; line-height: 1.5; padding: 0 7px; border-radius: 9px; border: 1px solid currentColor; margin-left: 4px; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); } .soft { color: var(--soft); }
.matrix td { text-align: right; min-width: 64px; padding: 4px 10px; }
.matrix td.right { background: var(--shade); font-weight: 600; }
@media (min-width: 900px) { .beside { grid-template-columns: auto minmax(0, 1fr); } }
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --faint: #ccc; --paper: #fff; --shade: #f2f2f2; --blue: #1f5fbf;
    --blue-soft: #bcd3f3; --good: #1c7c4a; --bad: #b3261e; --warn: #8a5a00; --warn-back: #fff; }
  @page { margin: 16mm 14mm; }
  body { font-size: 11px; } table, code, h3, .mark { font-size: 10.5px; } .note, thead th, .fact span { font-size: 10px; }
  h1 { font-size: 22px; } h2 { font-size: 15px; margin-top: 22px; } .fact b { font-size: 15px; }
  th, td { padding-top: 2px; padding-bottom: 2px; } main { max-width: none; padding: 0; }
  .facts { grid-template-columns: repeat(auto-fit, minmax(95px, 1fr)); } .limits { border: 1px solid #999; }
  .fact, .matrix td.right, .whole, .part, .limits { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h2, h3 { break-after: avoid; } figure, tr, .fact, .limits { break-inside: avoid; }
  .charts { grid-template-columns: 1fr 1fr; } .chart { max-width: 300px; } .scroll { overflow: visible; }
}
`
