"use strict";

const config = JSON.parse(document.getElementById("config").textContent);
const data = JSON.parse(document.getElementById("data").textContent);
const element = (name) => document.getElementById(name);
const body = element("networks").tBodies[0];
// In the order of the data, whatever order they are shown in.
const rows = [...body.rows];
const words = rows.map((row) =>
  [...row.cells].slice(1).map((cell) => cell.textContent).join(" ").toLowerCase()
);
const chosen = rows.map(() => true);

function choose() {
  const search = element("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const selects = [...document.querySelectorAll("#filters select")].filter((one) => one.value);
  rows.forEach((row, i) => {
    chosen[i] =
      search.every((word) => words[i].includes(word)) &&
      selects.every((one) => row.cells[Number(one.dataset.column) + 1].textContent === one.value);
    row.hidden = !chosen[i];
  });
  const count = chosen.filter(Boolean).length;
  element("count").textContent = `${count} of ${rows.length} networks shown`;
  draw();
}

function ordered(column, sign) {
  const cells = rows.map((row) => row.cells[column + 1]);
  const numbers = cells.map((cell) => ("v" in cell.dataset ? Number(cell.dataset.v) : null));
  const compare = (a, b) => {
    if (numbers[a] === null) {
      return sign * cells[a].textContent.localeCompare(cells[b].textContent, "en");
    }
    // What is not known comes last, whichever way.
    if (Number.isNaN(numbers[a]) || Number.isNaN(numbers[b])) {
      return Number.isNaN(numbers[a]) - Number.isNaN(numbers[b]);
    }
    return sign * (numbers[a] - numbers[b]);
  };
  return rows.map((_, i) => i).sort((a, b) => compare(a, b) || a - b);
}

function sort(button) {
  const header = button.closest("th");
  const up = header.getAttribute("aria-sort") !== "ascending";
  for (const other of document.querySelectorAll("th[aria-sort]")) {
    other.setAttribute("aria-sort", "none");
  }
  header.setAttribute("aria-sort", up ? "ascending" : "descending");
  body.append(...ordered(Number(button.dataset.column), up ? 1 : -1).map((i) => rows[i]));
}

function options(select, names) {
  const before = select.value;
  select.replaceChildren(...names.map(([value, text]) => new Option(text, value)));
  if (names.some(([value]) => value === before)) select.value = before;
}

function trace(places, wanted, look, name) {
  const own = places.row.map((row, i) => [row, i]).filter(([row]) => wanted(row));
  const activation = data.factors.find((factor) => factor.key === "activation");
  return {
    type: "scatter",
    mode: "markers",
    name,
    showlegend: false,
    x: own.map(([, i]) => places.x[i]),
    y: own.map(([, i]) => places.y[i]),
    customdata: own.map(([row]) => row),
    hovertext: own.map(([row]) => data.names[row]),
    hoverinfo: "text",
    marker: {
      size: 10,
      symbol: own.map(([row]) => (activation ? data.symbols[activation.values[row]] : "circle")),
      opacity: own.map(([row]) => (chosen[row] ? 0.9 : 0.1)),
      line: { color: "white", width: 0.7 },
      ...look(own.map(([row]) => row)),
    },
  };
}

function traces(places, task) {
  const factor = data.factors.find((one) => one.key === element("map-colour").value);
  if (!factor.colours) {
    const label = data.scores[task].filter(Boolean);
    const title = label.length > 1 ? `${label[0]} (${label[1]})` : label[0];
    const look = (own) => ({
      color: own.map((row) => factor.values[row]),
      colorscale: data.scale,
      showscale: true,
      colorbar: { title: { text: title, side: "right" }, thickness: 10, outlinewidth: 0 },
    });
    return [trace(places, () => true, look, "score")];
  }
  const values = Object.keys(factor.colours).filter((value) =>
    places.row.some((row) => factor.values[row] === value)
  );
  return values.map((value) =>
    trace(
      places,
      (row) => factor.values[row] === value,
      () => ({ color: factor.colours[value] }),
      value
    )
  );
}

// A point of the legend alone.
function entry(name, marker) {
  return {
    type: "scatter",
    mode: "markers",
    name,
    x: [null],
    y: [null],
    hoverinfo: "skip",
    showlegend: true,
    marker: { size: 10, ...marker },
  };
}

// Which colour stands for which value, and which symbol for which activation.
function entries(places) {
  const factor = data.factors.find((one) => one.key === element("map-colour").value);
  const activation = data.factors.find((one) => one.key === "activation");
  const here = (of, name) => places.row.some((row) => of.values[row] === name);
  const named = (of, looks, look) =>
    Object.entries(looks)
      .filter(([name]) => here(of, name))
      .map(([name, value]) => entry(name, look(value)));
  return [
    ...(factor.colours ? named(factor, factor.colours, (color) => ({ color })) : []),
    ...(activation ? named(activation, data.symbols, (symbol) => ({ symbol, color: data.grey })) : []),
  ];
}

function draw() {
  const task = element("map-task").value;
  const metric = element("map-metric").value;
  const places = task && data.places[task][metric];
  if (!places) {
    element("map-note").textContent = "No networks were compared.";
    return;
  }
  // What a reader has moved and zoomed holds for one task and distance.
  const layout = { ...data.layout, uirevision: `${task} ${metric}` };
  Plotly.react("map", [...traces(places, task), ...entries(places)], layout, config);
  const held = places.row.length;
  element("map-note").textContent = `${task}, ${data.metrics[metric]}: ${held} networks, stress ${places.stress}.`;
}

function show(event) {
  const row = rows[event.points[0].customdata];
  const link = row.querySelector("a");
  const card = [];
  const title = document.createElement("h3");
  title.textContent = data.names[event.points[0].customdata];
  const picture = row.querySelector("img");
  if (picture) {
    const large = new Image();
    large.src = picture.dataset.picture;
    large.alt = "";
    const print = document.createElement("a");
    print.href = picture.dataset.picture;
    print.setAttribute("aria-label", "Picture for print");
    print.append(large);
    card.push(print);
  }
  card.push(title);
  const list = document.createElement("table");
  list.className = "facts";
  document.querySelectorAll("button.sort").forEach((button, i) => {
    const line = list.insertRow();
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = button.textContent;
    line.append(name);
    line.insertCell().textContent = row.cells[i + 1].textContent;
  });
  card.push(list);
  if (link) {
    const page = document.createElement("a");
    page.href = link.getAttribute("href");
    page.textContent = "Open its page";
    card.push(page);
  } else {
    const note = document.createElement("p");
    note.className = "caption";
    note.textContent = "It has no page.";
    card.push(note);
  }
  element("card").replaceChildren(...card);
}

function open(event) {
  const row = rows[event.points[0].customdata];
  const link = row.querySelector("a");
  if (link) link.click();
  else {
    row.scrollIntoView({ block: "center" });
    row.querySelector("details").open = true;
  }
}

function metrics() {
  const task = element("map-task").value;
  const names = task ? Object.keys(data.places[task]) : [];
  options(element("map-metric"), names.map((name) => [name, data.metrics[name]]));
}

options(element("map-task"), Object.keys(data.places).map((name) => [name, name]));
options(element("map-colour"), data.factors.map((factor) => [factor.key, factor.title]));
metrics();
choose();
if (element("map").on) {
  element("map").on("plotly_hover", show);
  element("map").on("plotly_click", open);
}
element("map-task").addEventListener("change", () => {
  metrics();
  draw();
});
element("map-metric").addEventListener("change", draw);
element("map-colour").addEventListener("change", draw);
element("filters").addEventListener("input", choose);
element("filters").addEventListener("submit", (event) => event.preventDefault());
element("filters").addEventListener("reset", () => setTimeout(choose));
for (const button of document.querySelectorAll("button.sort")) {
  button.addEventListener("click", () => sort(button));
}
