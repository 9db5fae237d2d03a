// Keyboard shortcuts of the moderation pages: each clicks the visible button or link that has the key in data-key.
"use strict";

const typing = (element) => element.closest("input:not([type=checkbox]), select, textarea, [contenteditable]") !== null;

const help = () => document.getElementById("mod-help");

const openHelp = () => {
  if (!help().open) help().showModal();
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target) || help().open) return;
  if (event.key === "?") {
    event.preventDefault();
    openHelp();
    return;
  }
  const target = document.querySelector(`.mod [data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!target) return;
  event.preventDefault();
  target.click(); // the browser asks for a reason that is required and missing
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help]")) openHelp();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-all]")) return;
  for (const box of document.querySelectorAll("input[name=chosen]")) box.checked = event.target.checked;
});
