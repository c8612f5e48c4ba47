"use strict";

const plots = JSON.parse(document.getElementById("plots").textContent);
const config = JSON.parse(document.getElementById("config").textContent);
const moments = JSON.parse(document.getElementById("moments").textContent);
const element = (name) => document.getElementById(name);

// What a reader has switched: layers that are hidden, the most unstable modes, the probe.
const hidden = new Set();
let most = Infinity;
let probe = -1;
let picked = null;

for (const trace of plots.scene.data) {
  if (trace.meta && trace.meta.entry && !trace.meta.shown) hidden.add(trace.meta.entry);
}

function beyond(meta) {
  return meta.order !== null && meta.order !== undefined && meta.order > most;
}

function sceneVisible(trace) {
  const meta = trace.meta;
  if (meta.entry) {
    const order = /^order (\d+)$/.exec(meta.entry);
    const off = hidden.has(meta.entry) || (order && Number(order[1]) > most);
    return off ? "legendonly" : true;
  }
  return !hidden.has(meta.layer) && !hidden.has(`order ${meta.order}`) && !beyond(meta);
}

function orderVisible(trace) {
  return !beyond(trace.meta) && !hidden.has(`order ${trace.meta.order}`);
}

// Vertices of other probes lose their place; their trace and its colours stay as they are.
function ofProbe(trace) {
  if (probe < 0 || !trace.customdata) return trace.x;
  return trace.x.map((x, i) => (trace.customdata[i][0] === probe ? x : null));
}

function restyle(name, wanted, visible) {
  const indices = [];
  const update = { x: [], visible: [] };
  plots[name].data.forEach((trace, index) => {
    if (!wanted(trace)) return;
    indices.push(index);
    update.x.push(ofProbe(trace));
    update.visible.push(visible(trace, index));
  });
  if (indices.length) Plotly.restyle(name, update, indices);
}

function ringed() {
  const place = plots.spectrum.data.findIndex((trace) => trace.meta && trace.meta.picked);
  const x = [];
  const y = [];
  for (const trace of picked ? plots.spectrum.data : []) {
    (trace.customdata || []).forEach((own, i) => {
      if (own[0] === picked[0] && own[1] === picked[1]) {
        x.push(trace.x[i]);
        y.push(trace.y[i]);
      }
    });
  }
  Plotly.restyle("spectrum", { x: [x], y: [y] }, [place]);
}

// What the legend of the graph shows comes back with its order.
const legend = {};
function edgesVisible(trace, index) {
  const now = element("graph").data[index].visible;
  if (now !== false) legend[index] = now === undefined ? true : now;
  return beyond(trace.meta) ? false : legend[index];
}

function update() {
  restyle("scene", (trace) => trace.meta, sceneVisible);
  restyle("spectrum", (trace) => trace.meta && trace.meta.layer, orderVisible);
  restyle("graph", (trace) => trace.meta && trace.meta.layer === "nodes", orderVisible);
  restyle(
    "graph",
    (trace) => trace.meta && trace.meta.layer === "edges",
    edgesVisible
  );
}

// The plane shows one probe: the one that its own list names, or the page's.
function showPlane(number) {
  const visible = plots.plane.data.map((trace) => trace.meta.probe === number);
  Plotly.restyle("plane", { visible });
  if (element("plane-probe")) element("plane-probe").value = String(number);
}

// The skeleton at the step that the slider stands at.
function showMoment() {
  if (!element("step")) return;
  const moment = moments[Number(element("step").value)];
  const of = (name) => moment.traces.map((trace) => trace[name]);
  element("moment").textContent = moment.labels[probe + 1];
  Plotly.restyle(
    "development",
    {
      x: moment.traces.map(ofProbe),
      y: of("y"),
      z: of("z"),
      customdata: of("customdata"),
      hovertext: of("hovertext"),
      "marker.color": of("color"),
    },
    [0, 1]
  );
  Plotly.relayout("course", { "shapes[0].x0": moment.at, "shapes[0].x1": moment.at });
}

function pressOrders() {
  for (const button of document.querySelectorAll("[data-order]")) {
    const last = button === [...document.querySelectorAll("[data-order]")].pop();
    const order = Number(button.dataset.order);
    button.setAttribute("aria-pressed", String(most === Infinity ? last : order === most));
  }
}

function onLegend(event) {
  const meta = event.data[event.curveNumber].meta;
  const order = /^order (\d+)$/.exec(meta.entry);
  if (order && Number(order[1]) > most) {
    most = Number(order[1]);
    pressOrders();
  } else if (!hidden.delete(meta.entry)) {
    hidden.add(meta.entry);
  }
  update();
  return false;
}

function pick(event) {
  const own = event.points[0].customdata;
  if (own && own.length === 2) {
    picked = own;
    ringed();
  }
}

// On a narrow screen the camera steps back, so that the labels of the axes stay in the picture.
const narrow = element("scene").clientWidth < 480;
for (const name of Object.keys(plots)) {
  const copy = JSON.parse(JSON.stringify(plots[name]));
  if (["scene", "development"].includes(name) && narrow) {
    const eye = copy.layout.scene.camera.eye;
    for (const axis of ["x", "y", "z"]) eye[axis] *= 1.25;
  }
  Plotly.newPlot(name, copy.data, copy.layout, config);
}
element("scene").on("plotly_legendclick", onLegend);
element("scene").on("plotly_legenddoubleclick", () => false);
for (const name of ["scene", "graph", "spectrum", "plane"].filter((name) => plots[name])) {
  element(name).on("plotly_hover", pick);
  element(name).on("plotly_click", pick);
}
for (const button of document.querySelectorAll("[data-order]")) {
  button.addEventListener("click", () => {
    most = Number(button.dataset.order);
    for (let order = 0; order <= most; order += 1) hidden.delete(`order ${order}`);
    pressOrders();
    update();
  });
}
if (element("step")) {
  element("step").addEventListener("input", showMoment);
  element("course").on("plotly_click", (event) => {
    element("step").value = String(event.points[0].pointIndex);
    showMoment();
  });
}
if (element("probe")) {
  element("probe").addEventListener("change", (event) => {
    probe = Number(event.target.value);
    update();
    if (plots.plane && probe >= 0) showPlane(probe);
    showMoment();
  });
}
if (element("plane-probe")) {
  element("plane-probe").addEventListener("change", (event) => {
    showPlane(Number(event.target.value));
  });
}
// Where the page lies among those of single cohorts there is no page of the experiment beside it.
const here = decodeURIComponent(window.location.pathname).split("/").pop();
element("population").hidden = here !== document.body.dataset.page;
