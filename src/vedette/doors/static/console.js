// The console's one module: keyboard, the selected row, dialogs, and drawings. Works on what the server rendered; keeps no state of its own.

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// By itself htmx begins a moment later; a key pressed in between would follow the link instead of filling the pane.
window.htmx?.process(document.body);

// -- the queue: a row is a link; selecting it asks for its case, and a newer request replaces an older one (hx-sync on the row)

const rows = () => all("#rows .row");
const selected = () => one('#rows .row[aria-current="true"]');
const shown = () => one("#detail .case, .solo .case");

function select(row) {
  if (!row) return;
  for (const other of all('#rows .row[aria-current="true"]')) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  row.scrollIntoView({ block: "nearest" });
}

function move(step) {
  const list = rows();
  if (!list.length) return;
  const here = list.indexOf(selected());
  const row = list[Math.min(list.length - 1, Math.max(0, here < 0 ? 0 : here + step))];
  if (row === selected() && here >= 0) return;
  row.focus({ preventScroll: true });
  row.click();
}

document.addEventListener("click", (event) => {
  const row = event.target.closest("#rows .row");
  if (row && !event.ctrlKey && !event.metaKey && !event.shiftKey) select(row);
  if (event.target.closest("[data-help]")) one("#help")?.showModal();
  if (event.target.closest("[data-dismiss]")) one("#notice").replaceChildren();
  if (event.target.closest("[data-print]")) window.print();
  for (const menu of all("details.rest[open]")) if (!menu.contains(event.target)) menu.open = false;
  const opener = event.target.closest("[data-open]");
  if (opener) open(opener.dataset.open, opener.dataset.reason);
  if (event.target.closest("[data-cancel]")) event.target.closest("dialog").close();
}, true);

// A late answer about another case is never shown: the pane follows the selected row, whatever order answers come in.
document.addEventListener("htmx:before:swap", (event) => {
  const text = event.detail?.ctx?.text;
  const row = selected();
  const about = typeof text === "string" && /<article class="case" data-case="([a-z0-9_]+)"/.exec(text);
  if (!about || !row || event.detail.ctx.target?.id !== "detail") return;
  if ((event.detail.ctx.request?.method ?? "GET").toUpperCase() !== "GET") return; // what was done tells which case follows
  if (about[1] !== row.dataset.case) event.preventDefault();
});

// -- the decision form: opened by a digit with that reason, sent only by its button or Ctrl+Enter, with the version that was shown

function open(name, reason) {
  const dialog = document.getElementById(name);
  if (!dialog || dialog.open) return;
  dialog.showModal();
  if (name === "decide") {
    const list = one('select[name="reason"]', dialog);
    if (reason && list) list.value = reason;
    fit(dialog);
    const onward = one('input[name="next"]', dialog);
    if (onward) onward.value = following()?.dataset.case ?? "";
    (reason ? one("textarea", dialog) : list)?.focus();
  } else {
    one("textarea, select, input:not([type=hidden])", dialog)?.focus();
  }
}

function following() {
  const list = rows().filter((row) => !row.classList.contains("done"));
  const here = list.indexOf(selected());
  return list[here + 1] ?? list[here - 1];
}

// Outcomes that the chosen reason does not fit cannot be chosen; nothing harms a customer about whom nothing was true.
function fit(dialog) {
  const option = one('select[name="reason"]', dialog)?.selectedOptions[0];
  const outcomes = (option?.dataset.outcomes ?? "").split(" ").filter(Boolean);
  const choices = all('input[name="outcome"]', dialog);
  for (const choice of choices) choice.disabled = outcomes.length > 0 && !outcomes.includes(choice.value);
  const fits = choices.filter((choice) => !choice.disabled);
  if (!fits.some((choice) => choice.checked) && fits.length && outcomes.length) fits[0].checked = true;
  const outcome = choices.find((choice) => choice.checked && !choice.disabled)?.value;
  const action = one('select[name="action"]', dialog);
  for (const choice of action?.options ?? []) choice.disabled = outcome === "false" && choice.dataset.harms === "yes";
  if (action?.selectedOptions[0]?.disabled) action.value = "none";
}
document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-decides]");
  if (form) fit(form);
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

// What the server says after a decision: mark its row, select the next one; the pane already shows that one.
document.addEventListener("htmx:after:swap", () => {
  const told = one("#told");
  if (told) {
    const row = one(`#rows .row[data-case="${told.dataset.case}"]`);
    row?.classList.toggle("done", told.dataset.did === "decided");
    select(one(`#rows .row[data-case="${told.dataset.next}"]`) ?? selected());
    told.removeAttribute("id");
    one("#notice")?.replaceChildren();
    if (told.dataset.did === "decided") setTimeout(() => one(".undo")?.remove(), 10_000);
    selected()?.focus({ preventScroll: true });
  }
  draw();
});

// -- the keyboard

let went = 0;
const buttons = { c: "claim", a: "assign", u: "undo" };
const dialogs = { d: "decide", s: "snooze", e: "escalate" };

function key(event) {
  if (event.ctrlKey && event.key === "Enter") {
    const form = event.target.closest("dialog form");
    if (form) { event.preventDefault(); form.requestSubmit(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
  if (event.target.matches("input, select, textarea")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (pressed(event)) event.preventDefault();
}

function pressed(event) {
  const name = event.key;
  if (Date.now() - went < 1500) {
    went = 0;
    const link = one(`[data-go="${CSS.escape(name)}"]`);
    if (link) link.click();
    return Boolean(link);
  }
  if (name === "g") { went = Date.now(); return true; }
  if (name === "?") { one("#help")?.showModal(); return true; }
  if (name === "/") { one("[data-search]")?.focus(); return Boolean(one("[data-search]")); }
  if (name === "j" || name === "k") { move(name === "j" ? 1 : -1); return true; }
  if (name === "[" || name === "]") return tab(name === "]" ? 1 : -1);
  if (name === "Enter") return enter(event);
  if (name in dialogs && shown()) { open(dialogs[name]); return true; }
  if (name in buttons) { const button = one(`[data-key="${buttons[name]}"]`); button?.click(); return Boolean(button); }
  if (/^[1-9]$/.test(name) && shown()) {
    const option = one(`#decide option[data-digit="${name}"]`);
    if (option) open("decide", option.value);
    return Boolean(option);
  }
  return false;
}

function enter(event) {
  const row = event.target.closest("#rows .row") ?? (event.target === document.body ? selected() : null);
  if (!row) return false;
  location.assign(row.dataset.page);
  return true;
}

function tab(step) {
  const list = all(".case .tabs a");
  const here = list.findIndex((link) => link.hasAttribute("aria-current"));
  list[(here + step + list.length) % list.length]?.click();
  return list.length > 0;
}
document.addEventListener("keydown", key);

// -- drawings: always beside a table that says the same; the libraries are loaded when a page has something to draw

const loading = {};
function library(name) {
  loading[name] ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = document.body.dataset[name];
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
  return loading[name];
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

async function draw() {
  for (const place of all("[data-graph]:not([data-drawn])")) {
    place.dataset.drawn = "yes";
    await library("cytoscape");
    drawGraph(place, JSON.parse(place.dataset.graph));
  }
  for (const place of all("[data-days]:not([data-drawn])")) {
    place.dataset.drawn = "yes";
    await library("echarts");
    drawDays(place, JSON.parse(place.dataset.days));
  }
  for (const place of all("[data-course]:not([data-drawn])")) {
    place.dataset.drawn = "yes";
    await library("echarts");
    drawCourse(place, JSON.parse(place.dataset.course));
  }
}

function drawGraph(place, graph) {
  const style = [
    { selector: "node", style: { label: "data(label)", "font-size": 11, color: colour("--ink"), "background-color": colour("--weak"), "text-valign": "bottom", "text-margin-y": 4, width: 18, height: 18 } },
    { selector: 'node[kind = "account"]', style: { "background-color": colour("--accent"), width: 26, height: 26 } },
    { selector: 'node[kind != "account"]', style: { shape: "round-rectangle" } },
    { selector: 'node[outside = "yes"]', style: { "background-opacity": 0.45 } },
    { selector: 'edge[standing = "cut"]', style: { "line-style": "dashed" } },
    { selector: "edge", style: { width: 1.5, "line-color": colour("--line"), "curve-style": "haystack", label: "data(label)", "font-size": 10, color: colour("--quiet") } },
  ];
  const placed = graph.every((item) => item.data.source || item.position);
  const [width, height] = [place.clientWidth / 1000, place.clientHeight / 1000];
  for (const { position } of graph) if (position) { position.x = 40 + position.x * width * 0.93; position.y = 8 + position.y * height * 0.9; } // places come in thousandths
  const drawing = window.cytoscape({ container: place, elements: graph, style, layout: { name: placed ? "preset" : "cose", animate: false, fit: !placed, padding: 24, nodeDimensionsIncludeLabels: true }, maxZoom: 2, minZoom: 0.2 });
  drawing.on("tap", "node[href]", (event) => location.assign(event.target.data("href")));
}

function drawDays(place, days) {
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  const palette = [colour("--accent"), colour("--strong"), colour("--medium"), colour("--weak"), colour("--stop")];
  chart.setOption({
    animation: false, color: palette, grid: { left: 44, right: 16, top: 36, bottom: 28 },
    tooltip: { trigger: "axis", renderMode: "richText" },
    legend: { top: 4, left: 8, textStyle: { color: colour("--quiet") } },
    xAxis: { type: "category", data: days.days, axisLabel: { color: colour("--quiet") }, axisLine: { lineStyle: { color: colour("--line") } } },
    yAxis: { type: "value", minInterval: 1, axisLabel: { color: colour("--quiet") }, splitLine: { lineStyle: { color: colour("--line") } } },
    series: days.series.map((item) => ({ name: item.name, type: "bar", stack: "all", data: item.counts, barMaxWidth: 18 })),
  });
  new ResizeObserver(() => chart.resize()).observe(place);
}

// Operations run over powers of ten: a logarithmic scale shows band and thresholds alike.
function drawCourse(place, course) {
  const chart = window.echarts.init(place, null, { renderer: "canvas" });
  const power = (value) => `10^${Math.round(Math.log10(value) * 10) / 10}`;
  const axis = { axisLabel: { color: colour("--quiet") }, axisLine: { lineStyle: { color: colour("--line") } } };
  const all = [...course.low, ...course.high, ...course.thresholds.map((item) => item.value)].filter((value) => value > 0);
  const band = (name, data) => ({ name, type: "line", data, symbol: "none", lineStyle: { type: "dashed", width: 1 }, color: colour("--quiet") });
  chart.setOption({
    animation: false, grid: { left: 56, right: 24, top: 36, bottom: 28 },
    tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => Number(value).toExponential(1) },
    legend: { top: 4, right: 16, textStyle: { color: colour("--quiet") } },
    xAxis: { type: "category", data: course.days, ...axis },
    yAxis: { type: "log", min: 10 ** Math.floor(Math.log10(Math.min(...all))), max: 10 ** Math.ceil(Math.log10(Math.max(...all))), ...axis, axisLabel: { color: colour("--quiet"), formatter: power }, splitLine: { lineStyle: { color: colour("--line") } } },
    series: [
      { name: place.dataset.mid, type: "line", data: course.mid, symbolSize: 5, lineStyle: { width: 2 }, color: colour("--accent"),
        markLine: { symbol: "none", silent: true, lineStyle: { color: colour("--strong"), type: "solid" }, label: { position: "insideStartTop", color: colour("--strong"), formatter: ({ name }) => name },
          data: course.thresholds.map((item) => ({ name: item.name, yAxis: item.value })) } },
      band(place.dataset.band, course.low), band(place.dataset.band, course.high),
    ],
  });
  new ResizeObserver(() => chart.resize()).observe(place);
}

select(selected() ?? rows()[0]);
draw();
