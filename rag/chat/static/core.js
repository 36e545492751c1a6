// What the page does itself, and what it sends to the server. An element with data-do names an action: one of `actions`
// below runs here, the others go to the server together with the element's other data attributes.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const actions = {};
const forms = {};
let send = () => {};

const remembered = (() => {
  try {
    return JSON.parse(localStorage.getItem("report-qa")) || {};
  } catch {
    return {};
  }
})();
function remember(key, value) {
  remembered[key] = value;
  try {
    localStorage.setItem("report-qa", JSON.stringify(remembered));
  } catch {} // a browser that keeps nothing
}

function later(work, milliseconds) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...args), milliseconds);
  };
}

function tellUser(text) {
  const shown = Object.assign(document.createElement("div"), { className: "toast", textContent: text });
  shown.setAttribute("role", "status");
  document.body.append(shown);
  setTimeout(() => shown.remove(), 5000);
}

function watching(selector, work) {
  const found = $(selector);
  if (found) new MutationObserver(() => work(found)).observe(found, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["open", "data-show", "data-note", "data-busy", "data-quote"] });
}

const whenReady = [];
window.reportQA = {
  preferred: () => [JSON.stringify({ language: remembered.language || "", conversation: remembered.conversation || "" })],
  connect(trigger, names) {
    const known = new Set(names);
    send = (name, data = {}) => known.has(name) && trigger(name, data);
    const begin = () => {
      if (!["#top", "#sides", "#shelf", "#pasts", "#thread", "#live", "#ask", "#panel", "#pages", "#sheet", "#notes"].every((part) => $(part)))
        return requestAnimationFrame(begin); // parts of the page arrive one by one
      for (const work of whenReady) work();
      for (const told of ["#live", "#told"]) $(told).setAttribute("aria-live", "polite"); // an answer when it is no longer busy
      document.body.dataset.ready = "1";
    };
    begin();
  },
};

document.addEventListener("click", (event) => {
  for (const menu of $$("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const found = event.target.closest?.("[data-do]");
  if (!found || found.tagName === "FORM") return;
  found.closest("details.menu")?.removeAttribute("open");
  const data = { ...found.dataset };
  (actions[found.dataset.do] || ((data) => send(found.dataset.do, data)))(data, found);
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form");
  if (!form) return;
  event.preventDefault();
  event.stopPropagation();
  const said = Object.fromEntries(new FormData(form));
  const run = forms[form.dataset.do];
  if (run) run(said, form);
  else if (form.dataset.do) {
    send(form.dataset.do, said);
    form.closest("dialog")?.close();
  }
}, true);

actions.pane = ({ pane }) => {
  document.body.dataset.pane = pane;
  for (const tab of $$(".panes button")) tab.setAttribute("aria-pressed", String(tab.dataset.pane === pane));
};
actions.side = ({ side }) => {
  document.body.dataset.side = side;
  for (const tab of $$(".sides button")) tab.setAttribute("aria-pressed", String(tab.dataset.side === side));
};
actions.language = () => {
  remember("language", $("header.top").dataset.language === "zh" ? "en" : "zh");
  send("language");
};
whenReady.push(() => {
  const dress = () => {
    const language = $("header.top")?.dataset.language;
    if (language) document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    actions.pane({ pane: document.body.dataset.pane || "talk" });
    actions.side({ side: document.body.dataset.side || "shelf" });
  };
  watching("#top", dress);
  watching("#sides", dress);
  dress();
});

document.addEventListener("keydown", (event) => {
  const writing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName);
  if (event.key === "/" && !writing && !$("dialog[open]")) {
    event.preventDefault();
    $("#composer textarea")?.focus();
  }
  if (event.key !== "Escape") return;
  for (const menu of $$("details.menu[open]")) {
    menu.open = false;
    $("summary", menu).focus(); // or the next Tab begins at the top of the page
  }
});
