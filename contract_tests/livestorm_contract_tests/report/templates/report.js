"use strict";
const filters = document.querySelector(".filters");
const selects = [...filters.querySelectorAll("select")];
const cases = [...document.querySelectorAll("[data-verdict]")];
const output = filters.querySelector("output");
const quiet = document.getElementById("quiet");

function filter() {
  let shown = 0;
  for (const one of cases) {
    one.hidden = !selects.every((select) => !select.value || one.dataset[select.name].split(" ").includes(select.value));
    shown += !one.hidden;
  }
  quiet.open ||= selects.some((select) => select.value) && quiet.querySelector("li:not([hidden])") !== null;
  output.value = `${shown} of ${cases.length} cases`;
}

function reveal() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.hidden) {
    for (const select of selects) select.value = "";
    filter();
  }
  for (let one = target; one; one = one.parentElement) if (one.localName === "details") one.open = true;
  target.scrollIntoView();
}

function fold(open) {
  for (const one of document.querySelectorAll("details")) if (!one.hidden) one.open = open;
}

filters.hidden = false;
filters.addEventListener("change", filter);
document.getElementById("unfold").addEventListener("click", () => fold(true));
document.getElementById("fold").addEventListener("click", () => fold(false));
window.addEventListener("hashchange", reveal);
filter();
reveal();
