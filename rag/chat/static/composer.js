// Questions are written here; what follows an answer (copy, edit, ask again) too.
const busy = () => Boolean($("#live [data-busy]"));
let sent = { question: "", at: 0 };

function ask(question, at) {
  const twice = question === sent.question && Date.now() - sent.at < 400; // a double click
  if (!question.trim() || busy() || twice) return false;
  sent = { question, at: Date.now() };
  pinned = false;
  send("ask", {
    question,
    reports: picked(),
    amount: remembered.amount || "usual",
    evidence_only: Boolean(remembered.evidence_only),
    ...(at === undefined ? {} : { at: Number(at) }),
  });
  actions.pane({ pane: "talk" });
  stick = true;
  return true;
}
actions.ask = ({ question }) => ask(question);
actions.retry = ({ question, at }) => ask(question, at);

function grow(area) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, 180)}px`;
}
function editing(at) {
  const form = $("#composer");
  if (at === undefined) delete form.dataset.at;
  else form.dataset.at = at;
}
forms.ask = (said, form) => {
  if (!ask(said.question, form.dataset.at)) return;
  const area = $("textarea", form);
  area.value = "";
  grow(area);
  editing();
};
actions.edit = ({ question, at }) => {
  const area = $("#composer textarea");
  area.value = question;
  editing(at);
  grow(area);
  area.focus();
};
actions.clear = () => {
  editing();
  pinned = false;
  send("clear");
  hideViewer();
  $("#composer textarea").focus();
};
document.addEventListener("input", (event) => event.target.closest("#composer") && grow(event.target));
document.addEventListener("keydown", (event) => {
  if (!event.target.closest?.("#composer")) return;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault(); // 229: Enter that chooses a Chinese word
    $("#composer").requestSubmit();
  }
  if (event.key === "Escape" && $("#composer").dataset.at) {
    event.target.value = "";
    editing();
  }
});

actions.copy = async (_, button) => {
  const text = $(".as-text", button.closest("article")).value;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy"); // pages that are not served over HTTPS have no clipboard
    area.remove();
  }
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 1200);
};

let stick = true; // to the end while an answer is written, but never past its question
function follow(thread) {
  const last = $("#live article");
  const top = last ? thread.scrollTop + last.getBoundingClientRect().top - thread.getBoundingClientRect().top : Infinity;
  thread.scrollTop = Math.min(thread.scrollHeight, top - 8);
}
whenReady.push(() => {
  const thread = $("#thread");
  thread.addEventListener("scroll", () => {
    stick = thread.scrollTop + thread.clientHeight > thread.scrollHeight - 60;
  });
  for (const part of ["#log", "#live"]) watching(part, () => stick && follow(thread));
});
