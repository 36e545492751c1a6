// One question: a line, and what opens below it.

// The answer with its marks as buttons and with what the checks marked.
function answerText(question, goTo) {
  const text = question.predicted;
  const known = new Set(question.citations.map((c) => c.n));
  const ranges = [];
  for (const match of text.matchAll(/[[【](\d+)[\]】]/g)) if (known.has(Number(match[1]))) ranges.push([match.index, match.index + match[0].length, "mark", Number(match[1])]);
  const find = (piece, kind) => {
    for (let from = text.indexOf(piece); piece && from >= 0; from = text.indexOf(piece, from + piece.length)) ranges.push([from, from + piece.length, kind]);
  };
  for (const piece of question.unsupported) find(piece, "unsupported");
  for (const [figure, standing] of question.figures) if (standing === "missing") find(figure, "missing");
  ranges.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const parts = [];
  let done = 0;
  for (const [start, end, kind, n] of ranges) {
    if (start < done) continue;
    parts.push(text.slice(done, start));
    if (kind === "mark") parts.push(make("button", { type: "button", class: "cite", title: word("show_page"), on: { click: () => goTo(n) } }, String(n)));
    else parts.push(make("mark", { class: kind, title: word(kind) }, text.slice(start, end)));
    done = end;
  }
  return make("p", { class: "answer" }, ...parts, text.slice(done));
}

const part = (title, ...children) => make("section", {}, make("h3", {}, title), ...children);

function facts(question) {
  return make("ul", { class: "facts" }, ...question.facts.map(([alternatives, there]) => make("li", { class: there ? "there" : "gone" },
    make("span", { class: "sign", "aria-label": word(there ? "there" : "gone") }, there ? "✓" : "✗"), alternatives.join(" / "))));
}

function citations(question, goTo) {
  return make("ol", { class: "quotes" }, ...question.citations.map((c) => make("li", {}, make("button", { type: "button", class: "cite", on: { click: () => goTo(c.n) } }, String(c.n)),
    make("div", {}, make("small", {}, [c.report, word("page", c.page), c.section].filter(Boolean).join(" · ")), make("p", {}, c.quote)))));
}

function evidence(question) {
  const right = new Set(question.pages.map((page) => `${question.report}/${page}`));
  return make("details", {}, make("summary", {}, word("shown_to_model", question.shown.length)), make("ol", { class: "quotes" },
    ...question.shown.map((item, index) => make("li", {}, make("b", {}, String(index + 1)), make("div", {},
      make("small", { class: right.has(`${item.report}/${item.page}`) ? "good" : "" }, [item.report, word("page", item.page), item.section].filter(Boolean).join(" · ")), make("p", {}, item.text))))));
}

function conflicts(question) {
  return question.conflicts.map((conflict) => make("div", {}, make("p", {}, conflict.subject), make("ul", { class: "plain" },
    ...conflict.figures.map((side) => make("li", {}, make("b", {}, side.value), ` ${side.report} ${word("page", side.page)}: `, side.quote)))));
}

function times(question) {
  const known = ["retrieve_ms", "evidence_s", "first_token_s", "answer_s", "prompt_tokens", "completion_tokens"].filter((key) => question[key] !== undefined && question[key] !== null);
  return make("dl", { class: "times" }, ...known.flatMap((key) => [make("dt", {}, word(key)), make("dd", {}, key === "retrieve_ms" ? question[key] + " ms" : key.endsWith("_s") ? seconds(question[key]) : String(question[key]))]));
}

function found(question) {
  const right = new Set(question.pages.map((page) => `${question.report}/${page}`));
  return make("ol", { class: "hits" }, ...question.hits.map(([report, page]) => make("li", { class: right.has(`${report}/${page}`) ? "good" : null }, `${report} ${word("page", page)}`)));
}

function body(question) {
  const shown = viewer(question);
  const goTo = (n) => shown.goTo && shown.goTo(n);
  const asked = question.predicted !== undefined;
  const wrong = question.reasons.length ? part(word("what_was_wrong"), make("ul", { class: "reasons" }, ...question.reasons.map((code) => make("li", {}, make("b", {}, word("r_" + code)), " ", make("span", { class: "quiet" }, words["about_r_" + code] ? word("about_r_" + code) : ""))))) : "";
  const gold = part(word("gold"), make("p", {}, question.gold || (question.answerable ? "–" : word("not_answerable"))), asked && question.facts.length ? facts(question) : "",
    question.pages.length ? make("p", { class: "quiet" }, `${question.report} ${question.pages.slice(0, 20).map((page) => word("page", page)).join(", ")}`) : "",
    question.quotes.length ? make("details", {}, make("summary", {}, word("gold_quotes", question.quotes.length)), make("ul", { class: "plain" }, ...question.quotes.map((quote) => make("li", {}, quote)))) : "");
  const answer = asked ? part(word("answer"), answerText(question, goTo), question.found ? "" : make("p", { class: "quiet" }, word("a_refusal")),
    question.unsupported.length ? make("p", { class: "alert" }, word("unsupported_list"), " ", question.unsupported.join("；")) : "",
    question.notice ? make("p", { class: "alert" }, question.notice) : "") : "";
  const figures = asked && question.figures.length ? part(word("figures"), make("p", { class: "chips" }, ...question.figures.map(([figure, standing]) => make("span", { class: "chip f-" + standing }, figure, make("small", {}, word("f_" + standing)))))) : "";
  const left = make("div", { class: "left" },
    question.error ? part(word("error"), make("p", { class: "alert" }, question.error)) : "",
    answer, wrong, gold,
    asked && question.citations.length ? part(word("citations"), citations(question, goTo)) : "",
    figures,
    asked && question.conflicts.length ? part(word("conflicts"), ...conflicts(question)) : "",
    asked && question.shown.length ? evidence(question) : "",
    question.hits.length ? make("details", {}, make("summary", {}, word("pages_found")), found(question)) : "",
    times(question));
  return make("div", { class: "body" }, left, shown);
}

function line(question) {
  const facts = [question.kind, question.lang, question.pages.length ? (question.rank ? word("rank", question.rank) : word("no_rank")) : "",
    run.retrieval_only ? "" : seconds(question.answer_s)].filter((text) => text && text !== "–");
  const head = make("button", { type: "button", class: "head", "aria-expanded": "false" },
    make("span", { class: "verdict v-" + question.verdict }, word("v_" + question.verdict)),
    make("span", { class: "text" }, make("span", { class: "asked" }, question.question), make("small", {}, make("b", {}, `${question.set}/${question.id}`), " · " + facts.join(" · "))),
    make("span", { class: "tags" }, ...question.reasons.slice(0, 3).map((code) => make("span", { class: "tag" }, word("r_" + code)))));
  const item = make("article", { class: "question", data: { name: `${question.set}/${question.id}` } }, head);
  head.addEventListener("click", () => toggle(item, question));
  return item;
}

function toggle(item, question, open = item.children.length === 1) {
  item.firstChild.setAttribute("aria-expanded", String(open));
  if (open && item.children.length === 1) item.append(body(question));
  if (!open && item.children.length > 1) item.lastChild.remove();
  if (open) history.replaceState(null, "", "#" + encodeURIComponent(item.dataset.name));
}
