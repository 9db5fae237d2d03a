// A small bar chart in SVG, with its figures in a table for screen readers.

import { el, svg } from "./dom.js";

const [WIDTH, HEIGHT, FOOT, TOP, SIDE] = [480, 120, 18, 16, 14];

/** Draw `[{label, value, mark, now}]`; `mark` is written below a bar. Nothing happens if nothing has changed. */
export function drawBars(container, name, bars, unit) {
  const state = JSON.stringify(bars);
  if (container.dataset.drawn === state) return;
  container.dataset.drawn = state;
  container.replaceChildren(drawing(bars, unit), table(name, bars, unit));
}

function drawing(bars, unit) {
  const highest = Math.max(1, ...bars.map(({ value }) => value));
  const step = (WIDTH - 2 * SIDE) / bars.length;
  const image = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true", focusable: "false" });
  const floor = HEIGHT - FOOT;
  image.append(svg("line", { x1: 0, x2: WIDTH, y1: floor, y2: floor, class: "axis" }));
  bars.forEach(({ label, value, mark, now }, index) => {
    const height = value ? Math.max(2, ((floor - TOP) * value) / highest) : 0;
    const [x, y] = [SIDE + index * step, floor - height];
    const bar = svg("rect", { x: x + 1.5, y, width: step - 3, height, rx: 2, class: now ? "bar-now" : "bar-past" });
    bar.append(svg("title", {}, `${label}: ${value.toLocaleString()} ${unit}`));
    image.append(bar);
    const middle = { x: x + step / 2, "text-anchor": "middle" };
    if (value === highest && value) image.append(svg("text", { ...middle, y: y - 3 }, value.toLocaleString()));
    if (mark) image.append(svg("text", { ...middle, y: HEIGHT - 4 }, mark));
  });
  return image;
}

function table(name, bars, unit) {
  const rows = bars
    .filter(({ value }) => value)
    .map(({ label, value }) => el("tr", {}, el("th", { scope: "row" }, label), el("td", {}, `${value} ${unit}`)));
  const caption = el("caption", {}, rows.length ? name : `${name}: nothing yet`);
  return el("div", { class: "sr" }, el("table", {}, caption, el("tbody", {}, ...rows)));
}

export function hourBars(hours, now = new Date()) {
  const label = (hour) => `${String(hour).padStart(2, "0")}:00`;
  return hours.map((value, hour) => ({
    label: label(hour),
    value,
    mark: hour % 6 === 0 ? label(hour) : "",
    now: hour === now.getHours(),
  }));
}

export function dayBars(rows) {
  return rows.map(({ date, tickets }, index) => ({
    label: date,
    value: tickets,
    mark: index % 3 === 1 ? date.slice(5).replace("-", "/") : "",
    now: index === rows.length - 1,
  }));
}
