"use strict";
// common.js, plots.js, sheet.js, question.js and main.js are one script, in this order.
// Text of reports, questions and models is only ever set as text, so that it stays text.
const data = JSON.parse(document.getElementById("run").textContent);
const words = JSON.parse(document.getElementById("words").textContent);
const { run, questions, places } = data;
const at = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";

let language = /^zh/i.test(navigator.language || "") ? "zh" : "en";
const word = (key, ...values) => {
  let text = (words[key] || [key, key])[language === "zh" ? 0 : 1];
  for (const value of values) text = text.replace("{}", () => value);
  return text;
};

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "class") element.className = value;
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const percent = (value) => (value === null || value === undefined ? "–" : (100 * value).toFixed(value > 0 && value < 0.0995 ? 1 : 0) + "%");
const seconds = (value) => (value === null || value === undefined ? "–" : value < 10 ? value.toFixed(value < 1 ? 2 : 1) + " s" : value.toFixed(0) + " s");
const share = (key, value) => (key === "mrr" ? value.toFixed(2) : percent(value));
const named = (group) => (group.by === "all" ? word("all") : group.name || word("none"));
const count = (list, key) => {
  const found = new Map();
  for (const item of list) found.set(key(item), (found.get(key(item)) || 0) + 1);
  return found;
};
