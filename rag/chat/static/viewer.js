// The page behind a citation: its picture with the quoted sentence or row framed, or its text.
const ZOOMS = [1, 1.3, 1.7, 2.2, 3];
const shown = { report: "", page: 0, pages: 0, quote: "", facts: null, zoom: 0, text: false, turn: 0 };
let pinned = false; // a page that the user has chosen stays when the answer is finished

const frame = () => $("#viewer");
const paper = () => $("#viewer .sheet-of-paper");

async function show(report, page, quote = "") {
  if (!report || !frame()) return;
  const same = shown.report === report && shown.page === page && shown.quote === quote;
  if (same && shown.facts && !frame().hidden) return frameIt();
  const pages = report === shown.report ? shown.pages : 0; // so that quick clicks turn on before the facts are there
  Object.assign(shown, { report, page, pages, quote, facts: null, turn: shown.turn + 1 });
  const turn = shown.turn;
  frame().hidden = false;
  document.body.classList.add("has-page");
  const path = `pages/${encodeURIComponent(report)}/${page}`;
  if (!shown.text) draw(path);
  const answer = await fetch(`${path}.json?${new URLSearchParams({ quote: quote.slice(0, 2000) })}`).catch(() => null);
  const facts = answer && (await answer.json().catch(() => null));
  if (turn !== shown.turn) return; // another page was asked for meanwhile
  if (!answer?.ok) return missing(facts?.message);
  Object.assign(shown, { facts, pages: facts.pages });
  tell();
}

function draw(path) {
  const image = $("#viewer img");
  const wide = Math.min(paper().clientWidth * ZOOMS[shown.zoom] * Math.min(devicePixelRatio, 2), 2400);
  const source = `${path}.png?width=${Math.max(Math.round(wide), 600)}`;
  if (image.getAttribute("src") === source) return;
  image.closest(".paper").classList.add("loading");
  image.onload = image.onerror = () => {
    image.closest(".paper").classList.remove("loading");
    frameIt();
  };
  image.src = source;
}

function tell() {
  const { facts } = shown;
  const view = frame();
  const asText = shown.text || !facts.picture;
  $(".title", view).textContent = facts.title;
  $(".title", view).title = facts.name;
  $(".number", view).value = facts.page;
  $(".of", view).textContent = `/ ${facts.pages}`;
  $("[data-do=previous]", view).disabled = facts.page <= 1;
  $("[data-do=next]", view).disabled = facts.page >= facts.pages;
  const as = $("[data-do=as-text]", view);
  as.hidden = !facts.picture;
  as.setAttribute("aria-pressed", String(asText));
  for (const name of ["zoom-in", "zoom-out"]) $(`[data-do=${name}]`, view).hidden = asText;
  const file = `files/${encodeURIComponent(shown.report)}`;
  $("a.pdf", view).hidden = !facts.pdf;
  $("a.pdf", view).href = `${file}#page=${facts.page}`;
  $("a.file", view).hidden = !facts.file;
  $("a.file", view).href = `${file}?download=1`;
  $(".paper", view).hidden = asText;
  $(".page-text", view).hidden = !asText;
  if (!asText) $("img", view).alt = view.dataset.picture.replace("{}", facts.title).replace("{}", facts.page);
  write(facts);
  const framed = asText ? facts.text.some((part) => part.sentences.some((s) => s.quoted)) : facts.boxes.length;
  const note = $(".unframed", view);
  note.hidden = Boolean(framed) || !shown.quote;
  note.textContent = view.dataset.unframed;
  const over = $(".boxes", view);
  over.replaceChildren(
    ...facts.boxes.map(([left, top, width, height]) => {
      const box = document.createElement("i");
      box.className = "framed";
      Object.assign(box.style, { left: `${left * 100}%`, top: `${top * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` });
      return box;
    }),
  );
  light();
  frameIt();
}

function write(facts) {
  const all = facts.text.map((part) => {
    const found = document.createElement("div");
    found.className = part.rows ? "rows" : "para";
    if (part.section) found.append(Object.assign(document.createElement("h4"), { textContent: part.section }));
    for (const sentence of part.sentences) {
      const piece = document.createElement(sentence.quoted ? "mark" : "span");
      piece.textContent = sentence.text;
      found.append(piece, part.rows ? document.createElement("br") : " ");
    }
    return found;
  });
  let last = "";
  for (const found of all) {
    const head = $("h4", found);
    if (head?.textContent === last) head.remove();
    else last = head?.textContent || "";
  }
  $("#viewer .page-text").replaceChildren(...all);
}

function frameIt() {
  // bring what is framed into the middle
  const room = paper();
  const mark = $(shown.facts && (shown.text || !shown.facts.picture) ? ".page-text mark" : ".framed", room);
  if (!mark) return room.scrollTo({ top: 0 });
  const [a, b] = [mark.getBoundingClientRect(), room.getBoundingClientRect()];
  room.scrollTo({ top: room.scrollTop + a.top - b.top - room.clientHeight * 0.35, left: room.scrollLeft + a.left - b.left - 24 });
}

function missing(message) {
  const view = frame();
  $(".paper", view).hidden = true;
  const text = $(".page-text", view);
  text.hidden = false;
  text.replaceChildren(Object.assign(document.createElement("p"), { className: "quiet", textContent: message || view.dataset.missing }));
}

function hideViewer() {
  shown.turn += 1;
  Object.assign(shown, { report: "", facts: null });
  frame().hidden = true;
  document.body.classList.remove("has-page");
  light();
}

function light() {
  for (const one of $$(".mark, .source, .to-page")) {
    const lit = one.dataset.report === shown.report && Number(one.dataset.page) === shown.page && one.dataset.quote === shown.quote;
    one.classList.toggle("lit", lit && Boolean(shown.report));
  }
}

let resting = null; // the mark or source under the pointer, until something else is chosen
actions.page = (data, element) => {
  pinned = true;
  resting = null;
  element.closest("dialog")?.close();
  const article = element.closest("article.exchange");
  if (article) send("show", { at: Number(article.dataset.n) });
  actions.pane({ pane: "page" });
  show(data.report, Number(data.page), data.quote);
};
const turnTo = (page) => {
  resting = null;
  if (page >= 1 && page <= shown.pages) show(shown.report, page, "");
};
actions.previous = () => turnTo(shown.page - 1);
actions.next = () => turnTo(shown.page + 1);
function zoom(by) {
  shown.zoom = Math.min(Math.max(shown.zoom + by, 0), ZOOMS.length - 1);
  $("#viewer .paper").style.width = `${ZOOMS[shown.zoom] * 100}%`;
  draw(`pages/${encodeURIComponent(shown.report)}/${shown.page}`);
  frameIt();
}
actions["zoom-in"] = () => zoom(1);
actions["zoom-out"] = () => zoom(-1);
actions["as-text"] = () => {
  shown.text = !shown.text;
  if (!shown.text) draw(`pages/${encodeURIComponent(shown.report)}/${shown.page}`);
  if (shown.facts) tell();
};
document.addEventListener("change", (event) => event.target.matches("#viewer .number") && turnTo(Number(event.target.value)));
document.addEventListener("keydown", (event) => {
  if (!event.target.closest?.("#viewer") || event.target.tagName === "INPUT") return;
  const does = { ArrowLeft: "previous", ArrowRight: "next", "+": "zoom-in", "=": "zoom-in", "-": "zoom-out" }[event.key];
  if (does && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    actions[does]();
  }
});

// A pointer that rests on a mark or a source shows its page, too.
const rest = later((one) => {
  if (one !== resting || !one.matches(":hover")) return;
  pinned = true;
  show(one.dataset.report, Number(one.dataset.page), one.dataset.quote);
}, 160);
document.addEventListener("mouseover", (event) => {
  const one = event.target.closest?.(".mark, .source, .conflict .to-page");
  if (one && matchMedia("(hover: hover) and (min-width: 901px)").matches) rest((resting = one));
});

// The best evidence is shown as soon as it is found, the first citation when the answer is finished.
function open() {
  const sources = $$("#panel ol:first-of-type .source");
  const first = sources[0];
  light();
  if (pinned) return;
  if (!first) return $("#live article") ? undefined : hideViewer(); // a new chat
  show(first.dataset.report, Number(first.dataset.page), first.dataset.quote);
  const wide = Math.max(Math.round(Math.min(paper().clientWidth * Math.min(devicePixelRatio, 2), 2400)), 600);
  for (const one of sources.slice(1, 4)) new Image().src = `pages/${encodeURIComponent(one.dataset.report)}/${one.dataset.page}.png?width=${wide}`;
}
whenReady.push(() => {
  watching("#panel", open);
  watching("#live", light);
  watching("#pages", () => {
    if (!shown.facts || !frame().hidden) return; // made anew in another language
    frame().hidden = false;
    draw(`pages/${encodeURIComponent(shown.report)}/${shown.page}`);
    tell();
  });
});
