// The panel: what is on the page, or what was found.

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
