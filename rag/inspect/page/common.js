"use strict";
// common.js, pages.js, panel.js and main.js are one script, in this order.
// Text of the report is only ever set with textContent, so that it stays text.
const report = JSON.parse(document.getElementById("report").textContent);
const words = JSON.parse(document.getElementById("words").textContent);
const at = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const FIGURE = /^(?:[\s($¥￥€£+\-–—−]*\d[\d,.]*\s*[)%％xX倍]*|[-–—])$/;
const MOST_FOUND = 200;
const MOST_WARNINGS = 6;

let language = (navigator.languages || [navigator.language]).some((l) => /^zh/i.test(l)) &&
  /^zh/i.test(navigator.language || "") ? "zh" : "en";
const word = (key, value = "") => words[key][language === "zh" ? 0 : 1].replace("{}", value);

const apart = new Set(report.kinds.filter((k) => k.apart).map((k) => k.kind));
const hidden = new Set();
const pageOf = new Map(report.pages.map((page) => [page.number, page]));
const chunkOf = new Map();
for (const page of report.pages) for (const chunk of page.chunks) chunkOf.set(chunk.n, { ...chunk, page: page.number });
const pictures = new Map([...document.querySelectorAll("script[data-page]")].map((s) => [Number(s.dataset.page), s]));
const sheets = new Map();
let current = report.pages.length ? report.pages[0].number : 0;
let pinned = null;
let hits = [];
let hit = -1;
let leftAt = 0; // where the pages were scrolled to, which a hidden element forgets

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

function draw(tag, attributes = {}) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

const frame = ([x0, top, x1, bottom], pad = 0) => ({
  x: x0 - pad, y: top - pad, width: Math.max(1, x1 - x0 + 2 * pad), height: Math.max(1, bottom - top + 2 * pad),
});
const path = (index) => (index === null ? "" : report.sections[index].path.join(" › "));

function explain(block) {
  const kind = word(block.kind) + (block.level ? " " + block.level : "");
  if (block.set_aside) return `${block.n} · ${kind} · ${word("not_searched")}`;
  const where = block.chunks.length ? word("in_chunks", block.chunks.map((n) => "#" + n).join(" "))
    : word(block.kind === "heading" ? "in_context" : "in_none");
  return `${block.n} · ${kind} · ${where}`;
}
