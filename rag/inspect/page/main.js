// Sections, layers, header, keys; then everything is laid out.

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
