"""The style sheet: light and dark, wide and narrow; and the colours of charts."""

LIGHT = {
    "paper": "#ffffff",
    "ink": "#1c2330",
    "faint": "#b4bac4",
    "muted": "#5b6472",
    "blue": "#0072b2",
    "orange": "#d55e00",
    "green": "#00805c",
    "purple": "#a8478a",
    "red": "#b03060",
}
"""Told apart with every kind of colour blindness; the sheet has others for dark mode."""

STYLE = f"""\
:root {{
  --panel: #f5f6f8; {" ".join(f"--{name}: {hue};" for name, hue in LIGHT.items())}
}}
"""
STYLE += """\
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12151b; --panel: #1b2029; --ink: #e4e8ef; --faint: #4b5563; --muted: #a0a9b8;
    --blue: #56b4e9; --orange: #f08a3c; --green: #2fc497; --purple: #d98cc0; --red: #ee7798;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1rem clamp(0.8rem, 3vw, 2rem) 4rem; max-width: 75rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
h1 { font-size: clamp(1.4rem, 4vw, 2.1rem); line-height: 1.2; margin: 0.5rem 0 1rem; }
h2 { margin: 3rem 0 0.5rem; padding-top: 1rem; border-top: 1px solid var(--faint); }
h3 { margin: 1.5rem 0 0.5rem; font-size: 1.1rem; overflow-wrap: anywhere; }
h3 small { font-weight: normal; color: var(--muted); }
p { max-width: 48rem; }
a { color: var(--blue); }
nav { display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; margin-top: 1rem; }
code, pre { font: 0.875em/1.5 ui-monospace, Menlo, Consolas, monospace; }
pre { background: var(--panel); border-radius: 8px; padding: 0.8rem 1rem; }
.wide { overflow-x: auto; }
.hash code { overflow-wrap: anywhere; }
.accuracy { font-size: 1.2rem; margin: 0; }
.accuracy b { font-size: 2.6rem; line-height: 1.1; color: var(--blue); }
.cards {
  display: grid; gap: 0.6rem; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
}
.cards div {
  background: var(--panel); border-radius: 8px; padding: 0.7rem 0.9rem;
  display: flex; flex-direction: column-reverse; justify-content: flex-end;
}
.cards dd { margin: 0; font-size: 1.35rem; font-weight: 600; overflow-wrap: anywhere; }
.cards dt { color: var(--muted); font-size: 0.875rem; }
figure { margin: 0; }
figcaption { color: var(--muted); font-size: 0.875rem; }
img { image-rendering: pixelated; height: auto; }
.tiles {
  display: grid; gap: 0.5rem; grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr));
}
.tile { display: grid; grid-template-columns: 1fr 1fr; gap: 2px; cursor: zoom-in; }
.tile img { width: 100%; display: block; }
.tile figcaption { grid-column: 1 / -1; }
.mean { filter: invert(1); border-radius: 4px; }
@media (prefers-color-scheme: dark) { .mean { filter: none; } }
.neuron { background: var(--panel); border-radius: 4px; }
.tile figcaption { text-align: center; font-size: 0.75rem; white-space: nowrap; overflow: hidden; }
.tile.dead { outline: 2px solid var(--red); outline-offset: 1px; border-radius: 4px; }
.tile.dead figcaption { color: var(--red); }
.key {
  display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; align-items: center;
  max-width: none; font-size: 0.9rem;
}
.ramp { width: clamp(4rem, 20vw, 12rem); height: 0.9rem; border-radius: 4px; }
.swatch {
  display: inline-block; width: 0.9em; height: 0.9em; border-radius: 3px;
  margin-right: 0.4em; vertical-align: -0.1em;
}
.swatch.red { background: var(--red); }
.swatch.blue { background: var(--blue); }
.swatch.orange { background: var(--orange); }
.charts { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); }
svg { display: block; width: 100%; height: auto; max-width: 34rem; }
.broad svg { max-width: 60rem; }
table { border-collapse: collapse; }
th, td { padding: 0.35rem 0.6rem; text-align: left; vertical-align: top; }
.plain td:nth-child(2) { text-align: right; font-variant-numeric: tabular-nums; max-width: 20rem; }
.plain th { font-weight: normal; }
.plain thead th { color: var(--muted); font-size: 0.875rem; }
.plain tr { border-bottom: 1px solid var(--panel); }
.confusion td, .confusion th { text-align: center; font-variant-numeric: tabular-nums; }
.confusion td { border: 1px solid var(--paper); background: var(--panel); min-width: 2.6rem; }
.confusion td.right { background: none; text-align: right; white-space: nowrap; }
.confusion th:first-child { text-align: right; }
.confusion .axes { font-size: 0.75rem; white-space: nowrap; color: var(--muted); }
article {
  background: var(--panel); border-radius: 12px; padding: 0.2rem 1.2rem 1.2rem; margin: 1rem 0;
}
.yes { color: var(--green); }
.no { color: var(--orange); }
.story { display: grid; gap: 1.2rem; grid-template-columns: 9rem minmax(0, 1fr) 15rem; }
.input { width: 9rem; border-radius: 4px; }
.story ul { list-style: none; margin: 0; padding: 0; }
.scores li { display: flex; align-items: center; gap: 0.4rem; font-size: 0.875rem; }
.scores span { min-width: 1rem; max-width: 5rem; overflow-wrap: anywhere; }
.scores i { background: var(--blue); height: 0.7rem; border-radius: 2px; min-width: 2px; }
.cast li {
  display: flex; gap: 0.7rem; margin-bottom: 0.5rem; font-size: 0.85rem; line-height: 1.35;
}
.cast img { width: 3.6rem; height: 3.6rem; background: var(--paper); flex: none; }
.cast small { color: var(--muted); }
.stroke {
  display: inline-block; width: 1.8rem; margin-right: 0.4rem; vertical-align: middle;
  border-top: 3px solid currentColor;
}
.stroke.blue { color: var(--blue); }
.stroke.orange { color: var(--orange); }
.stroke.green { color: var(--green); }
.stroke.purple { color: var(--purple); }
.stroke.red { color: var(--red); }
.stroke.ink { border-top-width: 2px; border-top-style: dashed; }
.stroke.dotted { border-top-style: dotted; }
.stroke.dashdot {
  border-top: 0; height: 2px;
  background: repeating-linear-gradient(
    90deg, currentColor 0 8px, transparent 8px 11px, currentColor 11px 13px, transparent 13px 16px
  );
}
@media (max-width: 52rem) {
  .confusion td, .confusion th { padding: 0.2rem 0.15rem; font-size: 0.75rem; min-width: 1.7rem; }
  .story { grid-template-columns: minmax(0, 1fr); }
  .sides { display: flex; gap: 1.2rem; align-items: center; }
  .sides ul { flex: 1; }
  .input { width: 7rem; }
  .cast {
    display: grid; gap: 0 1rem; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr));
  }
  article { padding: 0.2rem 0.8rem 0.8rem; }
}
@media print { * { print-color-adjust: exact; } }
"""
