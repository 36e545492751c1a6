// The pages: pictures with boxes over them, or blocks where there is no picture; a chunk lit on its page.

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
