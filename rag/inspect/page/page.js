"use strict";
// Text of the report is only ever set with textContent, so that it stays text.
const report = JSON.parse(document.getElementById("report").textContent);
const words = JSON.parse(document.getElementById("words").textContent);
const at = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const FIGURE = /^[\s($¥￥€£+\-–—−]*\d[\d,.]*\s*[)%％xX倍]*$/;
const MOST_FOUND = 200;
const MOST_WARNINGS = 6;

let language = (navigator.languages || [navigator.language]).some((l) => /^zh/i.test(l)) &&
  /^zh/i.test(navigator.language || "") ? "zh" : "en";
const word = (key, value = "") => words[key][language === "zh" ? 0 : 1].replace("{}", value);

const apart = new Set(report.kinds.filter((k) => k.apart).map((k) => k.kind));
const hidden = new Set();
const pageOf = new Map(report.pages.map((page) => [page.number, page]));
const chunkOf = new Map();
for (const page of report.pages) for (const chunk of page.chunks) chunkOf.set(chunk.n, { ...chunk, page: page.number });
const pictures = new Map([...document.querySelectorAll("script[data-page]")].map((s) => [Number(s.dataset.page), s]));
const sheets = new Map();
let current = report.pages.length ? report.pages[0].number : 0;
let pinned = null;
let hits = [];
let hit = -1;
let leftAt = 0; // where the pages were scrolled to, which a hidden element forgets

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

function draw(tag, attributes = {}) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

const frame = ([x0, top, x1, bottom], pad = 0) => ({
  x: x0 - pad, y: top - pad, width: Math.max(1, x1 - x0 + 2 * pad), height: Math.max(1, bottom - top + 2 * pad),
});
const path = (index) => (index === null ? "" : report.sections[index].path.join(" › "));

function explain(block) {
  const kind = word(block.kind) + (block.level ? " " + block.level : "");
  if (block.set_aside) return `${block.n} · ${kind} · ${word("not_searched")}`;
  const where = block.chunks.length ? word("in_chunks", block.chunks.map((n) => "#" + n).join(" "))
    : word(block.kind === "heading" ? "in_context" : "in_none");
  return `${block.n} · ${kind} · ${where}`;
}

// ---- pages

function layPages() {
  const holder = at("pages");
  holder.replaceChildren();
  sheets.clear();
  for (const page of report.pages) {
    const flat = pictures.has(page.number) && page.width > 0;
    const sheet = make("div", { class: flat ? "sheet" : "sheet drawn" });
    if (flat) sheet.style.aspectRatio = `${page.width} / ${page.height}`;
    const notes = page.notes.map((note) => make("p", { class: "note" }, note));
    const place = make("section", { class: "page", data: { page: page.number } },
      make("p", { class: "label" }, word("page", page.number),
        page.ocr ? make("span", { class: "note" }, word("ocr")) : null), ...notes, sheet);
    holder.append(place);
    sheets.set(page.number, { place, sheet, flat, built: false });
    if (!flat) build(page.number);
  }
  if (!report.pages.length) return;
  const near = new IntersectionObserver((seen) => {
    for (const entry of seen) if (entry.isIntersecting) build(Number(entry.target.dataset.page));
  }, { root: holder, rootMargin: "900px 0px" });
  for (const { place } of sheets.values()) near.observe(place);
}

function build(number) {
  const held = sheets.get(number);
  if (held.built) return;
  held.built = true;
  const page = pageOf.get(number);
  if (held.flat) buildPicture(page, held); else buildBlocks(page, held);
  showKinds(held.sheet);
  if (pinned) light(pinned);
}

function buildPicture(page, held) {
  const picture = make("img", { alt: word("page", page.number), decoding: "async" });
  picture.src = "data:image/webp;base64," + pictures.get(page.number).textContent;
  const svg = draw("svg", { viewBox: `0 0 ${page.width} ${page.height}`, preserveAspectRatio: "none" });
  for (const block of page.blocks) {
    const group = draw("g", { class: "piece" });
    group.dataset.kind = block.kind;
    group.dataset.n = block.n;
    const title = draw("title");
    title.textContent = explain(block);
    group.append(title);
    for (const box of block.boxes) {
      group.append(draw("rect", { ...frame(box, 1.5), rx: 1.5, class: apart.has(block.kind) ? "block apart" : "block" }));
    }
    if (block.boxes.length) {
      const [x0, top] = block.boxes[0];
      const order = draw("g", { class: "order" });
      const wide = 5 + 4 * String(block.n).length;
      const left = Math.max(0, x0 - wide - 2.5);
      order.append(draw("rect", { x: left, y: top, width: wide, height: 9, rx: 2 }));
      const text = draw("text", { x: left + wide / 2, y: top + 6.9 });
      text.textContent = block.n;
      order.append(text);
      group.append(order);
    }
    svg.append(group);
  }
  svg.append(draw("g", { class: "light" }));
  const under = (event) => {
    const area = svg.getBoundingClientRect();
    const x = (event.clientX - area.left) / area.width * page.width;
    const y = (event.clientY - area.top) / area.height * page.height;
    return chunkAt(page, x, y);
  };
  svg.addEventListener("pointermove", (event) => { if (event.pointerType !== "touch") hover(under(event)); });
  svg.addEventListener("pointerleave", () => hover(null));
  svg.addEventListener("click", (event) => {
    const found = under(event);
    const piece = event.target.closest("[data-n]");
    if (found) pin(found === pinned ? null : found, { scroll: "panel" });
    else if (piece) point(page.number, Number(piece.dataset.n));
    else pin(null);
  });
  held.sheet.append(picture, svg);
}

function chunkAt(page, x, y) {
  let best = null, least = Infinity;
  for (const chunk of page.chunks) {
    for (const sentence of chunk.sentences) {
      for (const [x0, top, x1, bottom] of sentence.boxes) {
        const size = (x1 - x0) * (bottom - top);
        if (x >= x0 && x <= x1 && y >= top && y <= bottom && size < least) { best = chunk.n; least = size; }
      }
    }
  }
  return best;
}

function buildBlocks(page, held) {
  held.sheet.replaceChildren();
  if (!page.blocks.length) held.sheet.append(make("p", { class: "quiet" }, word("nothing")));
  for (const block of page.blocks) {
    const piece = make("div", {
      class: "piece " + block.kind + (apart.has(block.kind) ? " apart" : ""),
      data: { kind: block.kind, n: block.n }, title: explain(block),
    }, make("small", {}, `${block.n} ${word(block.kind)}${block.level ? " " + block.level : ""}`));
    if (block.table) piece.append(grid(block.table, block.chunks));
    else piece.append(...sentences(block));
    held.sheet.append(piece);
  }
}

// The block's text with the sentences of its chunks marked, so that a chunk can be lit inside a block.
function sentences(block) {
  const parts = [];
  let from = 0;
  for (const n of block.chunks) {
    const chunk = chunkOf.get(n);
    if (!chunk) continue;
    for (const sentence of chunk.sentences) {
      const start = block.text.indexOf(sentence.text, from);
      if (start < 0) continue;
      parts.push(block.text.slice(from, start), part(n, sentence.text));
      from = start + sentence.text.length;
    }
  }
  const rest = block.text.slice(from);
  parts.push(from === 0 && block.chunks.length ? part(block.chunks[0], rest) : rest);
  return parts;
}

function part(n, text) {
  return make("span", {
    data: { chunk: n },
    on: { pointerenter: () => hover(n), pointerleave: () => hover(null), click: () => pin(n, { scroll: "panel" }) },
  }, text);
}

// ---- a chunk's boxes on the page, its card in the panel

function light(n) {
  for (const group of document.querySelectorAll(".light")) group.replaceChildren();
  for (const span of document.querySelectorAll(".shown")) span.classList.remove("shown");
  for (const card of document.querySelectorAll(".card[data-chunk]")) card.classList.toggle("on", Number(card.dataset.chunk) === n);
  const chunk = chunkOf.get(n);
  if (!chunk) return;
  const held = sheets.get(chunk.page);
  for (const span of held.sheet.querySelectorAll(`[data-chunk="${n}"]`)) span.classList.add("shown");
  const group = held.sheet.querySelector(".light");
  if (!group) return;
  const drawn = new Set();
  for (const sentence of chunk.sentences) {
    for (const box of sentence.boxes) {
      if (drawn.has(String(box))) continue;
      drawn.add(String(box));
      group.append(draw("rect", { ...frame(box), class: "lit", rx: 1 }));
    }
  }
}

const hover = (n) => light(n ?? pinned);

function pin(n, { scroll = "" } = {}) {
  pinned = n;
  const chunk = chunkOf.get(n);
  if (chunk) {
    if (scroll === "pages") { goTo(chunk.page, chunk.sentences[0]?.boxes[0], `[data-chunk="${n}"]`); }
    else if (chunk.page !== current) { current = chunk.page; showPage(); }
  }
  light(n);
  const card = at("panel").querySelector(`.card[data-chunk="${n}"]`);
  if (card && scroll) card.scrollIntoView({ block: "nearest" });
  at("peek").hidden = !chunk;
  at("peek").replaceChildren(...(chunk ? [chunkCard(chunk, { on: true })] : []));
}

// A block that is in no chunk: show why.
function point(number, n) {
  pin(null);
  if (number !== current) { current = number; showPage(); }
  const block = pageOf.get(number).blocks.find((b) => b.n === n);
  const card = at("panel").querySelector(`.card[data-block="${n}"]`);
  for (const other of at("panel").querySelectorAll(".card[data-block]")) other.classList.toggle("on", other === card);
  if (card) card.scrollIntoView({ block: "nearest" });
  at("peek").replaceChildren(blockCard(block));
  at("peek").hidden = false;
}

// Shows the page, and on it ``box`` of its picture or, where it has none, the piece that ``selector`` finds.
function goTo(number, box, selector = "") {
  const held = sheets.get(number);
  if (!held) return;
  build(number);
  view("pages");
  const holder = at("pages");
  const start = held.place.offsetTop;
  const piece = held.flat || !selector ? null : held.sheet.querySelector(selector);
  let target = start;
  if (piece) target = start + piece.getBoundingClientRect().top - held.place.getBoundingClientRect().top;
  else if (box && held.flat) {
    target = start + held.sheet.offsetTop + box[1] / pageOf.get(number).height * held.sheet.offsetHeight;
  }
  current = number;
  holder.scrollTo({ top: Math.max(start - 12, target - holder.clientHeight * 0.35) });
  showPage();
}

// ---- the panel: what is on the page, or what was found

function chunkCard(chunk, { on = false, marks = null, place = false } = {}) {
  const where = path(chunk.section);
  return make("div", {
    class: "card" + (on ? " on" : "") + (apart.has(chunk.kind) ? " apart" : ""), tabindex: "0",
    data: { kind: chunk.kind, chunk: chunk.n }, title: `${word("context")}: ${chunk.context}`,
    on: {
      pointerenter: (event) => { if (event.pointerType !== "touch") hover(chunk.n); },
      pointerleave: () => hover(null),
      click: () => pin(chunk.n, { scroll: "pages" }),
      keydown: (event) => { if (event.key === "Enter") pin(chunk.n, { scroll: "pages" }); },
    },
  },
  make("div", { class: "top" }, make("b", {}, "#" + chunk.n),
    make("span", {}, word(chunk.kind) + (place ? " · " + word("page", chunk.page) : "")),
    make("span", {}, word("tokens", chunk.tokens))),
  where ? make("p", { class: "where" }, where) : null,
  make("p", {}, ...marked(chunk.text, marks)));
}

function blockCard(block, { marks = null, number = 0 } = {}) {
  const note = block.set_aside ? word("not_searched")
    : block.chunks.length ? word("in_chunks", block.chunks.map((n) => "#" + n).join(" ")) : word(block.kind === "heading" ? "in_context" : "in_none");
  return make("div", {
    class: "card" + (apart.has(block.kind) ? " apart" : ""), tabindex: "0", data: { kind: block.kind, block: block.n },
    on: {
      click: () => { if (number) goToBlock(number, block); else flash(block.n); },
      pointerenter: () => { if (!number) flash(block.n); },
    },
  },
  make("div", { class: "top" }, make("b", {}, String(block.n)),
    make("span", {}, word(block.kind) + (number ? " · " + word("page", number) : "")), make("span", {}, note)),
  make("p", {}, ...marked(block.text, marks)));
}

function goToBlock(number, block) {
  goTo(number, block.boxes[0], `.piece[data-n="${block.n}"]`);
  flash(block.n);
}

function flash(n) {
  const piece = sheets.get(current)?.sheet.querySelector(`.piece[data-n="${n}"]`);
  piece?.animate?.([{ opacity: 0.25 }, { opacity: 1 }], { duration: 500 });
}

function grid(table, chunks = []) {
  const about = [table.unit ? word("unit", table.unit) : "", table.source, table.continued ? word("goes_on") : ""];
  const head = make("tr", {}, ...table.header.map((cell) => make("th", {}, cell)));
  const rows = table.rows.map((row) => make("tr", {},
    ...row.map((cell) => make("td", { class: FIGURE.test(cell) ? "figure" : "" }, cell))));
  const body = make("table", {}, table.title ? make("caption", {}, table.title) : null,
    table.header.length ? make("thead", {}, head) : null, make("tbody", {}, ...rows));
  const holder = make("div", { class: "grid" }, body);
  const said = about.filter(Boolean).join(" · ");
  if (said) holder.append(make("p", { class: "about" }, said));
  if (chunks.length) {
    holder.addEventListener("pointerenter", () => hover(chunks[0]));
    holder.addEventListener("pointerleave", () => hover(null));
  }
  return holder;
}

function showPage() {
  at("number").value = current;
  const page = pageOf.get(current);
  for (const button of document.querySelectorAll(".branch")) {
    const branch = report.sections[Number(button.dataset.section)];
    button.classList.toggle("here", branch.first_page <= current && current <= branch.last_page);
  }
  document.querySelector(".branch.here")?.scrollIntoView({ block: "nearest" });
  if (hits.length || at("find").value.trim() || !page) return;
  const parts = [make("h2", {}, `${word("page", current)} · ${word("n_chunks", page.chunks.length)}`)];
  for (const note of page.notes) parts.push(make("p", { class: "note" }, note));
  if (!page.chunks.length) parts.push(make("p", { class: "quiet" }, word(page.blocks.length ? "no_chunks" : "nothing")));
  parts.push(...page.chunks.map((chunk) => chunkCard(chunk, { on: chunk.n === pinned })));
  const tables = page.blocks.filter((block) => block.table);
  if (tables.length) parts.push(make("h2", {}, word("tables")), ...tables.map((block) => grid(block.table, block.chunks)));
  const aside = page.blocks.filter((block) => block.set_aside);
  if (aside.length) parts.push(make("h2", {}, word("aside")), ...aside.map((block) => blockCard(block)));
  const low = page.blocks.filter((block) => apart.has(block.kind) && !block.set_aside);
  if (low.length) parts.push(make("h2", {}, word("apart")), ...low.map((block) => blockCard(block)));
  at("panel").replaceChildren(...parts);
  at("panel").scrollTop = 0;
}

const fold = (text) => text.normalize("NFKC").toLowerCase();

function marked(text, marks) {
  if (!marks || !marks.length) return [text];
  const pattern = new RegExp("(" + marks.map((m) => m.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|") + ")", "i");
  return text.split(pattern).map((piece, index) => (index % 2 ? make("mark", {}, piece) : piece));
}

function find() {
  const marks = fold(at("find").value).split(/\s+/).filter(Boolean);
  hits = [];
  hit = -1;
  if (!marks.length) { showPage(); return; }
  const holds = (text) => { const folded = fold(text); return marks.every((m) => folded.includes(m)); };
  for (const page of report.pages) {
    for (const chunk of page.chunks) {
      if (holds(chunk.text)) hits.push({ page: page.number, chunk: chunkOf.get(chunk.n) });
    }
    for (const block of page.blocks) {
      if (!block.chunks.length && holds(block.text)) hits.push({ page: page.number, block });
    }
  }
  const cards = hits.slice(0, MOST_FOUND).map((found) => (found.chunk
    ? chunkCard(found.chunk, { marks, place: true }) : blockCard(found.block, { marks, number: found.page })));
  const said = hits.length ? word("found", hits.length) : word("none");
  at("panel").replaceChildren(make("h2", {}, said), ...cards);
  at("panel").scrollTop = 0;
  if (matchMedia("(max-width: 820px)").matches) view("panel");
}

function nextHit(step) {
  if (!hits.length) return;
  hit = (hit + step + hits.length) % hits.length;
  const found = hits[hit];
  if (found.chunk) pin(found.chunk.n, { scroll: "pages" });
  else goToBlock(found.page, found.block);
}

// ---- sections, layers, header

function layOutline() {
  const counts = new Map();
  for (const page of report.pages) for (const block of page.blocks) counts.set(block.kind, (counts.get(block.kind) || 0) + 1);
  const layers = report.kinds.filter(({ kind }) => counts.has(kind)).map(({ kind }) => make("button", {
    class: "layer" + (apart.has(kind) ? " apart" : ""), "aria-pressed": String(!hidden.has(kind)), data: { kind },
    on: { click: () => { hidden.has(kind) ? hidden.delete(kind) : hidden.add(kind); layOutline(); showKinds(at("pages")); } },
  }, make("i"), word(kind), make("small", {}, String(counts.get(kind)))));
  const branches = report.sections.map((branch, index) => {
    const pages = branch.first_page + (branch.last_page > branch.first_page ? "–" + branch.last_page : "");
    const facts = [word("n_chunks", branch.chunks)];
    if (branch.tables) facts.push(word("n_tables", branch.tables));
    const button = make("button", {
      class: "branch", data: { section: index }, title: facts.join(" · "),
      on: { click: () => jump(index) },
    }, make("span", {}, branch.path.at(-1) || word("before")), make("small", {}, pages));
    button.style.paddingLeft = 8 + 12 * Math.min(5, Math.max(0, branch.path.length - 1)) + "px";
    return button;
  });
  at("outline").replaceChildren(...about(), make("h2", {}, word("kinds")), make("div", { class: "layers" }, ...layers),
    make("h2", {}, word("outline")), ...branches);
}

// What the report says of itself, and what went wrong with it.
function about() {
  const facts = Object.entries(report.card).filter(([key, value]) => words[key] && value.length);
  const rows = facts.flatMap(([key, value]) => [make("dt", {}, word(key)), make("dd", {}, [].concat(value).join(", "))]);
  const warnings = report.report.warnings.slice(0, MOST_WARNINGS).map((text) => make("p", { class: "note" }, text));
  if (report.report.warnings.length > MOST_WARNINGS) warnings.push(make("p", { class: "note" }, "…"));
  return [...(rows.length ? [make("dl", {}, ...rows)] : []), ...warnings];
}

function jump(index) {
  for (const page of report.pages) {
    const block = page.blocks.find((b) => b.section === index);
    if (block) { goToBlock(page.number, block); return; }
  }
}

function showKinds(holder) {
  for (const piece of holder.querySelectorAll(".piece")) piece.classList.toggle("hidden", hidden.has(piece.dataset.kind));
}

function view(name) {
  const back = name === "pages" && document.body.dataset.view !== "pages";
  document.body.dataset.view = name;
  if (back) at("pages").scrollTop = leftAt;
  for (const button of at("views").children) button.setAttribute("aria-current", String(button.dataset.to === name));
}

function layHeader() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  at("title").textContent = report.card.title || report.report.title;
  const card = report.card;
  const facts = [card.institution, card.date || card.period, report.report.name, word("n_pages", report.report.pages), word("n_chunks", report.report.chunks),
    report.report.tables ? word("n_tables", report.report.tables) : ""];
  at("facts").textContent = facts.filter(Boolean).join(" · ");
  at("language").textContent = word("switch");
  at("find").placeholder = word("find");
  at("find").setAttribute("aria-label", word("find"));
  at("number").setAttribute("aria-label", word("page", ""));
  at("total").textContent = "/ " + report.report.pages;
  for (const id of ["previous", "next"]) { at(id).title = word(id); at(id).setAttribute("aria-label", word(id)); }
  for (const button of at("views").children) button.textContent = word(button.dataset.to);
}

function turn(step) {
  const numbers = report.pages.map((page) => page.number);
  goTo(numbers[Math.min(numbers.length - 1, Math.max(0, numbers.indexOf(current) + step))]);
}

function layAll() {
  layHeader();
  layOutline();
  layPages();
  view(document.body.dataset.view);
  if (at("find").value.trim()) find(); else showPage();
}

at("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  const kept = current;
  layAll();
  goTo(kept);
});
at("previous").addEventListener("click", () => turn(-1));
at("next").addEventListener("click", () => turn(1));
at("number").addEventListener("change", () => {
  const wanted = Number(at("number").value);
  if (pageOf.has(wanted)) goTo(wanted); else at("number").value = current;
});
at("find").addEventListener("input", find);
at("find").addEventListener("keydown", (event) => {
  if (event.key === "Enter") nextHit(event.shiftKey ? -1 : 1);
  if (event.key === "Escape") { at("find").value = ""; find(); at("find").blur(); }
});
for (const button of at("views").children) button.addEventListener("click", () => view(button.dataset.to));
at("pages").addEventListener("scroll", () => {
  const holder = at("pages");
  if (!holder.clientHeight) return;
  const middle = holder.scrollTop + holder.clientHeight * 0.4;
  leftAt = holder.scrollTop;
  let seen = current;
  for (const [number, { place }] of sheets) if (place.offsetTop <= middle) seen = number;
  if (seen !== current) { current = seen; showPage(); }
}, { passive: true });
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, button") && event.key !== "Escape") return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (["ArrowRight", "j", "n"].includes(event.key)) turn(1);
  else if (["ArrowLeft", "k", "p"].includes(event.key)) turn(-1);
  else if (event.key === "/") at("find").focus();
  else if (event.key === "Escape") pin(null);
  else return;
  event.preventDefault();
});
layAll();
