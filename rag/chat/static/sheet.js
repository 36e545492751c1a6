// Dialogs and messages that the server sends, and the settings that this browser remembers.
actions["sign-out"] = async () => {
  await fetch("logout", { method: "POST" });
  location.reload();
};
actions["close-sheet"] = (_, button) => button.closest("dialog").close();

function theme() {
  const chosen = remembered.theme;
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.body.classList.toggle("dark", dark);
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
}
function fillOptions(form) {
  form.elements.amount.value = remembered.amount || "usual";
  form.elements.theme.value = remembered.theme || "";
  form.elements.evidence_only.checked = Boolean(remembered.evidence_only);
}
document.addEventListener("change", (event) => {
  const form = event.target.closest("#options");
  if (!form) return;
  const { name, type, checked, value } = event.target;
  remember(name, type === "checkbox" ? checked : value);
  theme();
});
document.addEventListener("click", (event) => {
  if (event.target.matches?.("dialog.sheet")) event.target.close(); // the backdrop
});

let opened = "";
let noted = new Set();
function hear(notes) {
  for (const note of $$("[data-note]", notes)) {
    if (noted.has(note.dataset.note)) continue;
    noted = new Set([...[...noted].slice(-50), note.dataset.note]);
    const { toast, download, key, value } = note.dataset;
    if (key) remember(key, value);
    if (download) Object.assign(document.createElement("a"), { href: download, download: "" }).click();
    if (toast) tellUser(toast);
  }
}
whenReady.push(() => {
  theme();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", theme);
  watching("#sheet", (place) => {
    const dialog = $("dialog", place);
    if (!dialog || dialog.dataset.show === opened) return;
    opened = dialog.dataset.show;
    for (const form of $$("form", dialog)) form.reset(); // Gradio redraws into the fields of the last one, typed text and all
    if ($("#options", dialog)) fillOptions($("#options", dialog));
    if (!dialog.open) dialog.showModal();
  });
  watching("#notes", hear);
});

actions.past = ({ id }) => {
  hideViewer();
  pinned = false;
  send("past", { id });
  actions.pane({ pane: "talk" });
};
const findPast = later(() => send("find-past", Object.fromEntries(new FormData($("#find-past")))), 180);
document.addEventListener("input", (event) => event.target.closest("#find-past") && findPast());
forms["find-past"] = findPast;
whenReady.push(() =>
  watching("#pasts", (place) => {
    for (const time of $$("time", place)) {
      const local = new Date(time.dateTime).toLocaleString("sv").slice(0, 16); // the ISO form, in the user's own time
      if (time.textContent !== local) time.textContent = local;
    }
    const wanted = $("#find-past input").value.trim(); // after an answer or a click all chats come
    const shown = $(".pasts", place)?.dataset.text;
    if (shown !== undefined && shown.trim() !== wanted) findPast();
  }),
);
