// The frame of every page: single-key shortcuts, the menu that closes itself, links that remember their place.
// Everything here is a second way to what the page offers without a script.
(() => {
  "use strict";

  const typing = (target) =>
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

  const follow = (element) => {
    if (!element) return false;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName)) {
      element.focus();
      element.select?.();
    } else {
      element.click();
    }
    return true;
  };

  const openDialog = (id) => {
    const dialog = document.getElementById(id);
    if (!dialog?.showModal) return false;
    if (!dialog.open) dialog.showModal();
    return true;
  };

  let afterG = 0;

  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (!document.body.hasAttribute("data-keys") || document.querySelector("dialog[open]")) return;
    const key = event.key;
    if (key.length !== 1 || key === '"' || key === "\\") return;
    let found = false;
    if (Date.now() - afterG < 1500) {
      afterG = 0;
      found = follow(document.querySelector(`[data-go="${key}"]`));
    } else if (key === "g") {
      afterG = Date.now();
      found = true;
    } else if (key === "?") {
      found = openDialog("keys");
    } else {
      found = follow(document.querySelector(`[data-key="${key}"]`));
      if (!found && key === "/") found = follow(document.querySelector('[data-go="l"]'));
    }
    if (found) event.preventDefault();
  };

  const closeMenus = (event) => {
    for (const menu of document.querySelectorAll("details.menu[open], details.more[open]")) {
      if (event.type === "keydown" ? event.key === "Escape" : !menu.contains(event.target)) {
        menu.open = false;
        if (event.type === "keydown") menu.querySelector("summary")?.focus();
      }
    }
  };

  // the switches reload the page: the reader stays where they were
  const keepPlace = (event) => {
    if (event.target.id === "switches") sessionStorage.setItem("place", JSON.stringify([location.pathname, scrollY]));
  };

  const backToPlace = () => {
    const kept = sessionStorage.getItem("place");
    if (!kept) return;
    sessionStorage.removeItem("place");
    const [path, y] = JSON.parse(kept);
    if (path === location.pathname) scrollTo(0, y);
  };

  document.addEventListener("keydown", onKey);
  document.addEventListener("keydown", closeMenus);
  document.addEventListener("click", closeMenus);
  document.addEventListener("submit", keepPlace);
  for (const button of document.querySelectorAll("[data-dialog]")) {
    button.addEventListener("click", () => openDialog(button.dataset.dialog));
  }
  backToPlace();
})();
