// Plots: drawn from the scores of the run and from its questions. A click on a piece filters the questions.
let measure = ["right", "correct", "hit_5", "loose"].find((key) => data.measures.some((m) => m.key === key)) ||
  (data.measures[0] || {}).key;
const narrow = matchMedia("(max-width: 820px)");
let WIDE = 560; // units of a plot's width, one a pixel
let LABEL = 158; // of its labels

function panel(title, note, ...children) {
  return make("figure", { class: "panel" }, make("figcaption", {}, make("h2", {}, title), note ? make("p", {}, note) : ""), ...children);
}

function label(text, y) {
  const shown = draw("text", { x: LABEL - 10, y: y + 4, class: "label", "text-anchor": "end" });
  let room = LABEL - 22;
  const kept = [...text].filter((c) => (room -= c > "\u2e80" ? 12.5 : 6.9) > 0).join("");
  shown.textContent = kept.length < text.length ? kept + "…" : text;
  shown.append(draw("title", {}, text));
  return shown;
}

const parts3 = (option) => ["pages", "answers", "citations"].map((part) => [part, data.measures.filter((m) => m.part === part)])
  .filter(([, own]) => own.length).map(([part, own]) => make("optgroup", { label: word("part_" + part) }, ...own.map((m) => option(m.key))));

// Every group's score with its interval: a dot where the score is, a line as long as the interval.
function scorePlot() {
  const rows = data.groups.filter((group) => group.values[measure]);
  const parts = [];
  let y = 30;
  let by = "all";
  for (const group of rows) {
    if (group.by !== by) {
      by = group.by;
      y += 12;
      parts.push(draw("line", { x1: 0, x2: WIDE, y1: y - 16, y2: y - 16, class: "rule" }));
    }
    const [value, n, low, high] = group.values[measure];
    const x = (share) => LABEL + share * (WIDE - LABEL - 96);
    parts.push(label(named(group), y));
    parts.push(draw("rect", { x: x(0), y: y - 5, width: Math.max(0, x(value) - x(0)), height: 10, class: "bar", rx: 2 }));
    if (low !== null) parts.push(draw("line", { x1: x(low), x2: x(high), y1: y, y2: y, class: "interval" }));
    parts.push(draw("circle", { cx: x(value), cy: y, r: 4.5, class: "dot" }));
    const text = draw("text", { x: WIDE, y: y + 4, class: "value", "text-anchor": "end" });
    text.append(draw("tspan", { class: "strong" }, share(measure, value)), draw("tspan", { class: "dim" }, n === null ? "" : `  n=${n}`));
    const spoken = `${named(group)}: ${share(measure, value)}` + (low !== null ? ` (${share(measure, low)}–${share(measure, high)})` : "") + (n === null ? "" : `, n=${n}`);
    text.append(draw("title", {}, spoken));
    parts.push(text);
    y += 25;
  }
  const axis = [0, 0.25, 0.5, 0.75, 1].flatMap((tick) => {
    const x = LABEL + tick * (WIDE - LABEL - 96);
    const text = draw("text", { x, y: 10, class: "tick", "text-anchor": "middle" }, share(measure, tick));
    return [draw("line", { x1: x, x2: x, y1: 16, y2: y - 10, class: "grid" }), text];
  });
  const choice = make("select", { "aria-label": word("measure"), on: { change: (event) => { measure = event.target.value; layPlots(); at("measure").focus(); } }, id: "measure" },
    ...parts3((key) => make("option", key === measure ? { value: key, selected: "" } : { value: key }, word(key))));
  const less = data.measures.find((m) => m.key === measure)?.less;
  const bounds = rows.some((group) => group.values[measure][2] !== null);
  return panel(word("by_group"), [word("about_" + measure), less ? word("less") : "", bounds ? word("interval") : ""].filter(Boolean).join(" "),
    choice, draw("svg", { viewBox: `0 0 ${WIDE} ${y}`, role: "img", "aria-label": word(measure) }, ...axis, ...parts));
}

// Verdicts of every set and kind, as shares of its questions.
function verdictPlot() {
  const groups = [["all", "", questions]];
  for (const [by, key] of [["set", "set"], ["kind", "kind"], ["language", "lang"]]) {
    const names = [...count(questions, (q) => q[key]).keys()];
    if (names.length > 1) for (const name of names) groups.push([by, name, questions.filter((q) => q[key] === name)]);
  }
  const parts = [];
  let y = 14;
  let last = "all";
  for (const [by, name, own] of groups) {
    if (by !== last) {
      last = by;
      y += 12;
      parts.push(draw("line", { x1: 0, x2: WIDE, y1: y - 16, y2: y - 16, class: "rule" }));
    }
    const counts = count(own, (q) => q.verdict);
    parts.push(label(by === "all" ? word("all") : name || word("none"), y));
    let x = LABEL;
    for (const verdict of [...data.verdicts].reverse()) {
      const n = counts.get(verdict);
      if (!n) continue;
      const width = (n / own.length) * (WIDE - LABEL - 44);
      const piece = draw("g", { class: "piece", tabindex: 0, role: "button" }, draw("rect", { x, y: y - 9, width: Math.max(1, width - 1.5), height: 18, class: "v-" + verdict, rx: 2 }));
      const spoken = `${word("v_" + verdict)}: ${n} / ${own.length}`;
      piece.setAttribute("aria-label", `${by === "all" ? word("all") : name}: ${spoken}`);
      piece.append(draw("title", {}, spoken));
      if (width > 9 + 7 * String(n).length) piece.append(draw("text", { x: x + width / 2, y: y + 4, "text-anchor": "middle", class: "in" }, String(n)));
      const choose = () => { clearFilters(); filters.verdict.add(verdict); if (by !== "all") filters[by === "language" ? "lang" : by] = name; applyFilters(true); };
      piece.addEventListener("click", choose);
      piece.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(); } });
      parts.push(piece);
      x += width;
    }
    parts.push(draw("text", { x: WIDE, y: y + 4, "text-anchor": "end", class: "value dim" }, String(own.length)));
    y += 25;
  }
  const legend = make("p", { class: "legend" }, ...[...data.verdicts].reverse().filter((v) => questions.some((q) => q.verdict === v))
    .map((v) => make("span", {}, make("i", { class: "v-" + v }), word("v_" + v))));
  return panel(word("verdicts"), word("about_verdicts"), legend, draw("svg", { viewBox: `0 0 ${WIDE} ${y - 2}` }, ...parts));
}

const LEFT = 40, BOTTOM = 26, TALL = 190;
function frame(xs, ys, body, labels) {
  const parts = [];
  for (const [y, text] of ys) parts.push(draw("line", { x1: LEFT, x2: WIDE, y1: y, y2: y, class: "grid" }), draw("text", { x: LEFT - 6, y: y + 4, class: "tick", "text-anchor": "end" }, text));
  for (const [x, text] of xs) parts.push(draw("text", { x, y: TALL - 8, class: "tick", "text-anchor": "middle" }, text));
  return draw("svg", { viewBox: `0 0 ${WIDE} ${TALL}`, role: "img", "aria-label": labels }, ...parts, ...body);
}

// How often a right page is among the first k pages, by set.
function rankPlot() {
  const own = questions.filter((q) => q.pages.length);
  if (!own.length) return null;
  const sets = [...count(own, (q) => q.set).keys()];
  const most = 10;
  const x = (k) => LEFT + 10 + ((k - 1) / (most - 1)) * (WIDE - LEFT - 20);
  const y = (value) => 10 + (1 - value) * (TALL - BOTTOM - 16);
  const body = sets.flatMap((name, index) => {
    const ranks = own.filter((q) => q.set === name).map((q) => q.rank);
    const shares = Array.from({ length: most }, (_, k) => ranks.filter((rank) => rank !== null && rank <= k + 1).length / ranks.length);
    const line = shares.map((value, k) => `${k ? "L" : "M"}${x(k + 1)} ${y(value)}`).join("");
    return [draw("path", { d: line, class: `curve c${index % 6}` }), ...shares.map((value, k) => draw("circle", { cx: x(k + 1), cy: y(value), r: 3, class: `spot c${index % 6}` },
      draw("title", {}, `${name}: hit@${k + 1} ${percent(value)}`)))];
  });
  const legend = sets.length > 1 ? make("p", { class: "legend" }, ...sets.map((name, index) => make("span", {}, make("i", { class: `c${index % 6}` }), name))) : "";
  const ticks = Array.from({ length: most }, (_, k) => [x(k + 1), String(k + 1)]);
  return panel(word("ranks"), word("about_ranks"), legend, frame(ticks, [0, 0.25, 0.5, 0.75, 1].map((v) => [y(v), percent(v)]), body, word("ranks")));
}

// How the seconds of a question are spread.
function timePlot() {
  const key = run.retrieval_only ? "retrieve_ms" : "answer_s";
  const values = questions.map((q) => q[key]).filter((value) => value !== undefined && value !== null).sort((a, b) => a - b);
  if (values.length < 2) return null;
  const end = Math.max(values[Math.ceil(0.98 * values.length) - 1], 1e-3);
  const power = 10 ** Math.floor(Math.log10(end / 12));
  const step = [1, 2, 5, 10].map((m) => m * power).find((size) => end / size <= 24) || end / 24;
  const bins = Math.ceil(end / step) || 1;
  const heights = new Array(bins).fill(0);
  for (const value of values) heights[Math.min(bins - 1, Math.floor(value / step))] += 1;
  const top = Math.max(...heights);
  const x = (value) => LEFT + (Math.min(value, bins * step) / (bins * step)) * (WIDE - LEFT - 8);
  const y = (n) => 10 + (1 - n / top) * (TALL - BOTTOM - 16);
  const unit = key === "retrieve_ms" ? " ms" : " s";
  const round = (value) => String(Number(value.toPrecision(3)));
  const body = heights.map((n, index) => draw("rect", { x: x(index * step) + 1, y: y(n), width: Math.max(1, x(step) - x(0) - 2), height: y(0) - y(n), class: "column" },
    draw("title", {}, `${round(index * step)}–${round((index + 1) * step)}${unit}${index === bins - 1 ? "+" : ""}: ${n}`)));
  const median = values[Math.floor((values.length - 1) / 2)];
  const p90 = values[Math.ceil(0.9 * values.length) - 1];
  for (const [value, name] of [[median, word("median")], [p90, "p90"]]) {
    const place = x(value);
    body.push(draw("line", { x1: place, x2: place, y1: 6, y2: y(0), class: "mark" }), draw("text", { x: place + (place > WIDE - 110 ? -5 : 5), y: name === "p90" ? 28 : 15, class: "tick", "text-anchor": place > WIDE - 110 ? "end" : "start" }, `${name} ${round(value)}${unit}`));
  }
  const every = Math.ceil(bins / 8);
  const ticks = heights.map((_, index) => index).filter((index) => index % every === 0).map((index) => [x(index * step), round(index * step) + (index ? "" : unit)]);
  const levels = [...new Set([0, Math.round(top / 2), top])].map((n) => [y(n), String(n)]);
  return panel(word("times"), word(key === "answer_s" ? "about_answer_s" : "about_retrieve_ms") + (run.kept ? " " + word("kept", run.kept) : ""), frame(ticks, levels, body, word("times")));
}

function layPlots() {
  [WIDE, LABEL] = narrow.matches ? [350, 116] : [560, 158];
  const column = (...own) => make("div", {}, ...own.filter(Boolean));
  at("plots").replaceChildren(column(verdictPlot(), rankPlot()), column(data.measures.length ? scorePlot() : null, timePlot()));
}

// The number of every measure for every group, a table each for pages, answers, citations, and one for times.
function layTable() {
  at("table").firstElementChild.textContent = word("all_scores");
  const tables = ["pages", "answers", "citations"].map((part) => [part, data.measures.filter((m) => m.part === part)]).filter(([, own]) => own.length).map(([part, own]) => {
    const head = make("tr", {}, make("th", { scope: "col" }, ""), make("th", { scope: "col" }, word("n")), ...own.map(({ key, less }) => make("th", { scope: "col", title: word("about_" + key) }, word(key) + (less ? " ↓" : ""))));
    return make("table", { class: "scores" }, make("caption", {}, word("part_" + part)), make("thead", {}, head), make("tbody", {}, ...data.groups.map((group, index) => row(group, index, own))));
  });
  const timed = data.groups.filter((group) => Object.keys(group.times).length);
  const kinds = ["retrieve_ms", "evidence_s", "first_token_s", "answer_s", "prompt_tokens", "completion_tokens"].filter((key) => timed.some((group) => group.times[key]));
  const unit = (key) => (key === "retrieve_ms" ? " (ms)" : key.endsWith("_s") ? " (s)" : "");
  if (timed.length) tables.push(make("table", {}, make("caption", {}, word("median_p90")), make("thead", {}, make("tr", {}, make("th", {}, ""), ...kinds.map((key) => make("th", {}, word(key) + unit(key))))),
    make("tbody", {}, ...timed.map((group) => make("tr", {}, make("th", { scope: "row" }, named(group)), ...kinds.map((key) => {
      const spread = group.times[key];
      const digits = key.endsWith("_s") ? 2 : 0;
      return make("td", {}, spread ? `${spread.median.toFixed(digits)} / ${spread.p90.toFixed(digits)}` : "–");
    }))))));
  at("table").lastElementChild.replaceChildren(...tables.map((table) => make("div", { class: "scroll" }, table)));
}

function row(group, index, own) {
  const first = index && data.groups[index - 1].by !== group.by;
  return make("tr", { class: first ? "first" : null }, make("th", { scope: "row" }, named(group)), make("td", {}, String(group.n)), ...own.map(({ key }) => {
    const [value, n, low, high] = group.values[key] || [];
    if (value === undefined) return make("td", { class: "quiet" }, "–");
    const cell = make("td", { title: low === null ? null : `${share(key, low)} – ${share(key, high)}` }, make("b", {}, share(key, value)), n === null || n === group.n ? "" : make("small", {}, "/" + n));
    cell.style.setProperty("--share", value);
    return cell;
  }));
}
