// Which reports are asked: all that are listed, but for those that were unticked.
const unticked = new Set();
const boxes = () => $$("#shelf input[name=report]");
const picked = () => boxes().filter((box) => box.checked).map((box) => box.value);

function showPicks() {
  const all = boxes();
  for (const box of all) box.checked = !unticked.has(box.value);
  const chosen = picked().length;
  const every = $("#every");
  if (every) {
    every.checked = chosen === all.length;
    every.indeterminate = chosen > 0 && chosen < all.length;
  }
  const scope = $("#composer .scope");
  if (!scope) return;
  const total = Number($("#shelf .reports")?.dataset.total || 0);
  const text = !total ? "" : !chosen ? scope.dataset.none : chosen === total ? scope.dataset.all : scope.dataset.some;
  const numbers = document.documentElement.lang === "zh-CN" || chosen === total ? [chosen || total, total] : [chosen, total];
  let n = 0;
  const said = text.replace(/\{\}/g, () => numbers[n++]);
  if (scope.textContent !== said) scope.textContent = said;
}

const suggest = later(() => {
  if (!$("#live article")) send("suggest", { reports: picked() });
}, 250);

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.id === "every") for (const one of boxes()) box.checked ? unticked.delete(one.value) : unticked.add(one.value);
  else if (box.name === "report" && box.closest("#shelf")) box.checked ? unticked.delete(box.value) : unticked.add(box.value);
  else return;
  showPicks();
  suggest();
});

actions.only = ({ report }) => {
  for (const box of boxes()) box.value === report ? unticked.delete(box.value) : unticked.add(box.value);
  showPicks();
  suggest();
  actions.pane({ pane: "talk" });
};
actions["told-off"] = () => $$("#told .done, #told .alert, #told .told-off").forEach((one) => one.remove());
actions.filters = (_, button) => {
  const fields = $("#narrow .fields");
  fields.hidden = !fields.hidden;
  button.setAttribute("aria-expanded", String(!fields.hidden));
};
const narrow = later(() => send("narrow", Object.fromEntries(new FormData($("#narrow")))), 180);
document.addEventListener("input", (event) => event.target.closest("#narrow") && narrow());
forms.narrow = narrow;

// Files that are too large are left out here, or Gradio would refuse all of them, in English.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type !== "file" || !input.closest("#side")) return;
  const { largest, tooLarge } = $("#narrow").dataset;
  const files = [...input.files];
  const left = new DataTransfer();
  for (const file of files) if (file.size <= Number(largest)) left.items.add(file);
  if (left.files.length === files.length) return;
  for (const file of files) if (file.size > Number(largest)) tellUser(tooLarge.replace("{}", file.name));
  input.files = left.files;
  if (!left.files.length) event.stopImmediatePropagation();
}, true);

// Gradio redraws a list into the rows that are there, whoever's they were; the menu that was opened stays with its own.
const ROWS = "#shelf .report, #pasts li";
let openMenu = "";
document.addEventListener("click", ({ target }) => {
  const menu = target.closest("details.menu");
  const row = target.closest("summary") && menu?.closest(ROWS);
  if (row) openMenu = menu.open ? "" : row.dataset.name; // it opens and closes after this event
  else if (!menu || target.closest("[data-do]")) openMenu = "";
}, true);
document.addEventListener("keydown", (event) => event.key === "Escape" && (openMenu = ""), true);
function keepMenu() {
  for (const row of $$(ROWS)) {
    const menu = $("details.menu", row);
    if (menu.open !== (row.dataset.name === openMenu)) menu.open = !menu.open;
  }
}

whenReady.push(() => {
  watching("#shelf", () => {
    keepMenu();
    showPicks();
    suggest();
  });
  watching("#pasts", keepMenu);
  watching("#ask", showPicks);
  showPicks();
  for (const kind of ["dragover", "drop"])
    document.addEventListener(kind, (event) => {
      if (![...(event.dataTransfer?.types || [])].includes("Files")) return;
      event.preventDefault();
      const input = $("#side input[type=file]");
      if (kind !== "drop" || !input) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
});
