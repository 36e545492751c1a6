// Header, filters, keys; then everything is laid out.
const PAGE = 60; // questions laid at once
let laid = PAGE;
const filters = { text: "", set: "", kind: "", lang: "", verdict: new Set(), reason: "", order: "worst" };

function clearFilters() {
  Object.assign(filters, { text: "", set: "", kind: "", lang: "", reason: "" });
  filters.verdict.clear();
}

const badness = (q) => data.verdicts.indexOf(q.verdict) * 100 - Math.min(q.reasons.length, 9) * 10 - (q.pages.length ? Math.min(q.rank || 20, 20) / 3 : 0);
const haystack = new Map();
function texts(q) {
  if (!haystack.has(q)) haystack.set(q, [q.set + "/" + q.id, q.question, q.gold, q.predicted || "", q.report, q.error].join("\n").normalize("NFKC").toLowerCase());
  return haystack.get(q);
}

function matching(without = "") {
  const wanted = filters.text.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  return questions.filter((q) => (without === "set" || !filters.set || q.set === filters.set) && (without === "kind" || !filters.kind || q.kind === filters.kind) &&
    (without === "lang" || !filters.lang || q.lang === filters.lang) && (without === "verdict" || !filters.verdict.size || filters.verdict.has(q.verdict)) &&
    (without === "reason" || !filters.reason || q.reasons.includes(filters.reason)) && wanted.every((piece) => texts(q).includes(piece)));
}

function choice(key, values) {
  const counts = new Map();
  for (const q of matching(key)) for (const value of [].concat(key === "reason" ? q.reasons : q[key])) counts.set(value, (counts.get(value) || 0) + 1);
  if (values.length < 2) return "";
  const name = (value) => (key === "reason" ? word("r_" + value) : value || word("none"));
  return make("select", { id: "by-" + key, "aria-label": word("by_" + key), on: { change: (event) => { filters[key] = event.target.value; applyFilters(); at("by-" + key).focus(); } } },
    make("option", { value: "" }, word("any_" + key)),
    ...values.map((value) => make("option", filters[key] === value && value ? { value, selected: "" } : { value }, `${name(value)} (${counts.get(value) || 0})`)));
}

function layFilters() {
  const verdicts = count(matching("verdict"), (q) => q.verdict);
  const all = (key) => [...count(questions, (q) => q[key]).keys()].sort();
  const known = [...new Set(questions.flatMap((q) => q.reasons))];
  const search = make("input", { type: "search", id: "find", placeholder: word("find"), "aria-label": word("find"), autocomplete: "off", spellcheck: "false", on: { input: (event) => { filters.text = event.target.value; laid = PAGE; layList(); layCounts(); } } });
  search.value = filters.text;
  const chips = make("div", { class: "chips", role: "group", "aria-label": word("by_verdict") }, ...data.verdicts.filter((v) => questions.some((q) => q.verdict === v)).map((v) => make("button", {
    type: "button", id: "verdict-" + v, class: "chip v-" + v, "aria-pressed": String(filters.verdict.has(v)),
    on: { click: () => { filters.verdict.has(v) ? filters.verdict.delete(v) : filters.verdict.add(v); applyFilters(); at("verdict-" + v).focus(); } },
  }, make("i"), word("v_" + v), make("small", {}, String(verdicts.get(v) || 0)))));
  const order = make("select", { id: "order", "aria-label": word("order"), on: { change: (event) => { filters.order = event.target.value; laid = PAGE; layList(); } } },
    ...["worst", "file", "slowest"].map((key) => make("option", filters.order === key ? { value: key, selected: "" } : { value: key }, word("order_" + key))));
  const some = filters.text || filters.set || filters.kind || filters.lang || filters.reason || filters.verdict.size;
  const clear = make("button", { type: "button", id: "clear", on: { click: () => { clearFilters(); applyFilters(); at("find").focus(); } } }, word("clear"));
  clear.hidden = !some;
  at("filters").replaceChildren(make("div", { class: "row" }, search, choice("set", all("set")), choice("kind", all("kind")), choice("lang", all("lang")), choice("reason", known), order, clear), chips);
}

// While words are typed the field must stay; only the numbers beside it change.
function layCounts() {
  const verdicts = count(matching("verdict"), (q) => q.verdict);
  for (const chip of at("filters").querySelectorAll(".chip")) chip.lastChild.textContent = verdicts.get(chip.id.slice(8)) || 0;
  at("clear").hidden = !filters.text;
}

function layList() {
  const own = matching();
  if (filters.order === "worst") own.sort((a, b) => badness(a) - badness(b));
  if (filters.order === "slowest") own.sort((a, b) => (b.answer_s || b.retrieve_ms / 1000) - (a.answer_s || a.retrieve_ms / 1000));
  at("count").textContent = own.length ? word("n_of", own.length, questions.length) : word("nothing");
  at("list").replaceChildren(...own.slice(0, laid).map(line));
  at("more").hidden = own.length <= laid;
  at("more").textContent = word("more", own.length - laid);
}

function applyFilters(go = false) {
  laid = PAGE;
  layFilters();
  layList();
  if (go) at("work").scrollIntoView({ block: "start" });
}

function layHeader() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  const sets = [...count(questions, (q) => q.set).keys()];
  at("title").textContent = sets.join(", ");
  const model = run.retrieval_only ? word("retrieval_only") : run.model || word("no_model");
  at("facts").replaceChildren(...[new Date(run.started).toLocaleString(language === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" }) + " UTC",
    model, run.embedder, run.machine, run.commit ? word("commit", run.commit.slice(0, 10) + (run.commit.endsWith("+") ? "+" : "")) : "", word("took", run.seconds < 120 ? word("seconds_n", Math.round(run.seconds)) : word("minutes_n", Math.round(run.seconds / 60)))]
    .filter(Boolean).map((text) => make("span", {}, text)));
  at("language").textContent = word("switch");
  at("keys").textContent = word("keys");
  at("close").setAttribute("aria-label", word("close"));
  const falls = run.falls.map((fall) => make("p", { class: "alert" }, word("fell", fall.set, word(fall.measure), percent(fall.baseline), percent(fall.now))));
  if (run.baseline && !run.falls.length) falls.push(make("p", { class: "good" }, word("not_fallen", run.baseline)));
  at("alerts").replaceChildren(...falls);
}

function layTiles() {
  const total = data.groups[0];
  const wanted = run.retrieval_only ? ["hit_1", "hit_5", "hit_10", "mrr", "recall_10"] : ["right", "correct", "loose", "hit_5", "cited_right", "refused", "grounded"];
  const tiles = wanted.filter((key) => total.values[key]).map((key) => {
    const [value, n, low, high] = total.values[key];
    const bounds = low === null ? "" : make("span", { class: "bounds" }, ` (${share(key, low)}–${share(key, high)})`);
    return make("div", { class: "tile" }, make("span", {}, word(key)), make("b", {}, share(key, value)), make("small", {}, n === null ? "" : word("of_n", n), bounds));
  });
  const time = run.retrieval_only ? total.times.retrieve_ms : total.times.answer_s;
  if (time) tiles.push(make("div", { class: "tile" }, make("span", {}, word(run.retrieval_only ? "retrieve_ms" : "answer_s")), make("b", {}, run.retrieval_only ? `${time.median.toFixed(0)} ms` : seconds(time.median)), make("small", {}, `${word("median")} · p90 ${run.retrieval_only ? time.p90.toFixed(0) + " ms" : seconds(time.p90)}`)));
  at("tiles").replaceChildren(make("div", { class: "tile" }, make("span", {}, word("questions")), make("b", {}, String(questions.length)), make("small", {}, total.errors ? word("n_errors", total.errors) : word("n_reports", Object.keys(run.reports).length))), ...tiles);
}

function laySetup() {
  at("setup").firstElementChild.textContent = word("setup");
  const table = (title, rows) => Object.keys(rows).length ? make("div", {}, make("h3", {}, title), make("dl", {}, ...Object.entries(rows).flatMap(([key, value]) => [make("dt", {}, key), make("dd", {}, typeof value === "object" ? JSON.stringify(value) : String(value))]))) : "";
  at("setup").lastElementChild.replaceChildren(make("div", { class: "columns" },
    table(word("run"), { started: run.started, model: run.model || "–", embedder: run.embedder, machine: run.machine, commit: run.commit || "–", ...(run.peak_memory_mb ? { [word("peak_memory_mb")]: Math.round(run.peak_memory_mb) + " MB" } : {}), ...(run.baseline ? { baseline: run.baseline } : {}), ...run.selection }),
    table(word("versions"), run.versions), table(word("reports"), run.reports), table(word("settings"), run.settings), table(word("fingerprint"), run.fingerprint)));
}

function layAll() {
  layHeader();
  layTiles();
  layPlots();
  layTable();
  laySetup();
  applyFilters();
}

function move(step) {
  const heads = [...document.querySelectorAll("#list .head")];
  const now = heads.findIndex((head) => head.parentElement.contains(document.activeElement));
  const next = heads[Math.min(heads.length - 1, Math.max(0, now < 0 ? 0 : now + step))];
  if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
}

at("language").addEventListener("click", () => { language = language === "zh" ? "en" : "zh"; layAll(); });
at("filters").addEventListener("submit", (event) => event.preventDefault());
at("more").addEventListener("click", () => { const from = laid; laid += PAGE; layList(); document.querySelectorAll("#list .head")[from]?.focus(); });
document.addEventListener("keydown", (event) => {
  if (at("large").open) return;
  if (event.key === "Escape" && event.target.id === "find") { filters.text = ""; applyFilters(); return; }
  if (event.target.closest("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "/") { at("find").focus(); at("find").scrollIntoView({ block: "nearest" }); }
  else if (event.key === "Escape") {
    const item = document.activeElement.closest("article.question");
    if (item && item.children.length > 1) { item.firstChild.focus(); item.firstChild.click(); }
  } else return;
  event.preventDefault();
});
narrow.addEventListener("change", layPlots);
layAll();
function showLinked() {
  const linked = decodeURIComponent(location.hash.slice(1));
  const place = questions.findIndex((q) => `${q.set}/${q.id}` === linked);
  if (place < 0) return;
  laid = questions.length;
  layList();
  const item = [...document.querySelectorAll("article.question")].find((own) => own.dataset.name === linked);
  if (!item) return location.reload(); // filters hide it
  toggle(item, questions[place], true);
  item.scrollIntoView({ block: "start" });
}
window.addEventListener("hashchange", showLinked); // an address pasted into the open page
showLinked();
