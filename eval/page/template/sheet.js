// A page of a report: its picture with the quotes framed, or its text where it has none.
const pictures = new Map([...document.querySelectorAll("script[data-place]")].map((s) => [Number(s.dataset.place), s]));

const where = (place) => `${place.report} ${word("page", place.page)}`;

function sheet(own) {
  const place = places[own.place];
  const source = pictures.get(own.place);
  if (!source) return textSheet(place, own);
  const image = make("img", { src: "data:image/webp;base64," + source.textContent, alt: where(place), width: place.width, height: place.height });
  const layer = draw("svg", { viewBox: `0 0 ${place.width} ${place.height}`, "aria-hidden": "true" });
  for (const { mark, boxes } of own.boxes) {
    for (const [x0, top, x1, bottom] of boxes) {
      const pad = mark ? 1.5 : 3.5;
      layer.append(draw("rect", { x: x0 - pad, y: top - pad, width: x1 - x0 + 2 * pad, height: bottom - top + 2 * pad, class: mark ? "cited" : "gold", "data-mark": mark, rx: 2 }));
    }
  }
  return make("div", { class: "sheet", tabindex: 0, role: "button", "aria-label": word("enlarge"), on: { click: () => enlarge(own), keydown: (event) => { if (event.key === "Enter") { event.preventDefault(); enlarge(own); } } } }, image, layer);
}

function textSheet(place, own) {
  if (place.text) return make("div", { class: "sheet words", tabindex: 0 }, place.text);
  return make("p", { class: "quiet" }, word(data.pictured ? "no_picture" : "no_store"));
}

function enlarge(own) {
  const dialog = at("large");
  dialog.lastElementChild.replaceChildren(make("p", {}, where(places[own.place])), sheet({ ...own, enlarged: true }));
  dialog.showModal();
  const box = dialog.querySelector(".sheet svg rect");
  if (box) box.scrollIntoView({ block: "center" });
}

// Scroll a page in its window so that the quote with this mark, else the first one, is seen.
function bring(stand, mark) {
  const pane = stand.querySelector(".window");
  const box = (mark && stand.querySelector(`rect[data-mark="${mark}"]`)) || stand.querySelector("rect");
  if (pane && box) pane.scrollTop += box.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
}

// The pages of one question: a tab each, cited ones first.
function viewer(question) {
  if (!question.places.length) return make("div", { class: "viewer" }, make("p", { class: "quiet" }, word(question.answerable ? "no_pages" : "no_pages_unanswerable")));
  const holder = make("div", { class: "viewer" });
  const tabs = make("div", { class: "tabs", role: "group", "aria-label": word("pages") });
  const stand = make("div", { class: "stand" });
  const show = (index, mark) => {
    const own = question.places[index];
    [...tabs.children].forEach((tab, i) => tab.setAttribute("aria-pressed", String(i === index)));
    if (holder.dataset.shown !== String(index)) {
      const note = [own.right ? word("right_page") : "", own.marks.length ? word("cited_as", own.marks.map((n) => `[${n}]`).join("")) : ""].filter(Boolean).join(" · ");
      stand.replaceChildren(make("p", { class: "quiet" }, places[own.place].report + (note ? " · " + note : "")), make("div", { class: "window" }, sheet(own)));
      holder.dataset.shown = index;
      requestAnimationFrame(() => bring(stand, mark));
    } else bring(stand, mark);
    for (const box of stand.querySelectorAll("rect.cited")) box.classList.toggle("on", Number(box.dataset.mark) === mark);
  };
  const first = Math.max(0, question.places.findIndex((own) => own.right));
  question.places.forEach((own, index) => tabs.append(make("button", { type: "button", class: (own.right ? "right" : "other") + (own.marks.length ? " cited" : ""), on: { click: () => show(index) } },
    word("page", places[own.place].page), own.right ? make("span", { class: "tick" }, "✓") : "", own.marks.length ? make("small", {}, own.marks.map((n) => `[${n}]`).join("")) : "")));
  holder.append(tabs, stand, make("p", { class: "legend" }, make("span", {}, make("i", { class: "k-gold" }), word("box_gold")), make("span", {}, make("i", { class: "k-cited" }), word("box_cited"))));
  holder.goTo = (mark) => {
    const index = question.places.findIndex((own) => own.marks.includes(mark));
    if (index >= 0) { show(index, mark); if (holder.getBoundingClientRect().top < 0 || innerWidth < 820) holder.scrollIntoView({ block: "nearest" }); }
  };
  show(question.places.some((own) => own.marks.length && own.right) ? question.places.findIndex((own) => own.marks.length && own.right) : first);
  return holder;
}
