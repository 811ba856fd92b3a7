// The entry form of a ledger row. It decides nothing: which fields belong to a kind comes with the page, every figure,
// hint and objection comes from the server, where saving goes through the same code.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const section = document.querySelector(".entry");
  if (!section) return;
  const settings = JSON.parse(document.getElementById("entry-settings").textContent);
  const words = JSON.parse(section.dataset.words);
  const form = section.closest("form");
  const computedInput = form.elements.computed;
  const computed = new Set(computedInput.value.split(",").filter(Boolean));
  const input = (name) => form.elements[name];
  const cell = (name) => section.querySelector(`[data-field="${name}"]`);

  // ---- fields of the kind ----------------------------------------------------------------------------------------

  let unneeded = []; // fields of the kind that the instrument at hand has no use for

  function showFieldsOfKind() {
    const rule = settings.rules[input("kind").value];
    for (const each of section.querySelectorAll(".entry-cell")) {
      const name = each.dataset.field;
      const useful = !rule || rule.fields.includes(name);
      each.hidden = !useful || unneeded.includes(name);
      input(name).disabled = !useful; // what is not shown must not be sent
      input(name).setAttribute("aria-required", String(Boolean(rule && rule.needs.includes(name))));
    }
    if (rule && rule.fields.includes("tax_year")) section.querySelector(".entry-more").open = true;
    const other = section.querySelector(".entry-row-other");
    other.hidden = !other.querySelector(".entry-cell:not([hidden])");
  }

  // ---- the row as it stands --------------------------------------------------------------------------------------

  function noteComputed() {
    computedInput.value = [...computed].join(",");
    for (const each of section.querySelectorAll(".entry-cell")) {
      each.classList.toggle("is-computed", computed.has(each.dataset.field));
    }
  }

  let latest = 0;
  let timer;

  function refreshSoon(delay = 180) {
    clearTimeout(timer);
    timer = setTimeout(refresh, delay);
  }

  async function refresh() {
    const number = ++latest;
    const row = new URLSearchParams(new FormData(form));
    row.delete("csrfmiddlewaretoken");
    if (settings.pk) row.set("pk", settings.pk);
    let response;
    try {
      response = await fetch(`${settings.effect}?${row}`, { headers: { Accept: "application/json" } });
    } catch {
      return; // the line is a courtesy: saving says the same
    }
    // an answer to letters that have been typed over since is no answer
    if (response.ok && number === latest) show(await response.json());
  }

  function show(answer) {
    for (const [name, value] of Object.entries(answer.values)) fill(name, value, answer.computed.includes(name));
    noteComputed();
    unneeded = answer.unneeded;
    showFieldsOfKind();
    for (const hint of section.querySelectorAll(".entry-hint")) {
      const name = hint.id.replace("hint-", "");
      hint.textContent = answer.errors[name] || answer.hints[name] || "";
      cell(name).classList.toggle("is-unreadable", Boolean(answer.errors[name]));
    }
    showChanges(answer.changes);
    showIssues(answer.issues);
  }

  function fill(name, value, isComputed) {
    const field = input(name);
    const isActive = field === document.activeElement;
    if (field.disabled || (isActive && (field.value || !isComputed))) return;
    if (isComputed) {
      field.value = value;
      computed.add(name);
      if (isActive) field.select?.(); // typing over it takes its place
    } else if (field.value && /[^\d.]/.test(field.value) && field.classList.contains("entry-number")) {
      field.value = value; // 3*1200+50 becomes 3650
    }
  }

  function showChanges(changes) {
    section.querySelector(".entry-effect-title").hidden = !changes.length;
    section.querySelector(".entry-changes").replaceChildren(
      ...changes.map((change) => {
        const line = element("div", change.is_below_zero ? "is-below-zero" : "");
        const figures = element("dd");
        figures.append(`${change.before} → `, element("strong", "", change.after));
        line.append(element("dt", "", change.label), figures);
        return line;
      }),
    );
  }

  function showIssues(issues) {
    for (const each of section.querySelectorAll(".entry-cell")) {
      each.classList.toggle("has-issue", issues.some((issue) => issue.field === each.dataset.field));
    }
    section.querySelector(".entry-issues").replaceChildren(
      ...issues.map((issue) => {
        const line = element("li");
        line.append(element("strong", "", labelOf(issue.field)), ` ${issue.message} `);
        if (issue.fix) {
          const fix = element("button", "", issue.fix_label);
          fix.type = "button";
          fix.addEventListener("click", () => {
            input(issue.field).value = issue.fix;
            typed(issue.field);
            input(issue.field).focus();
          });
          line.append(fix);
        }
        return line;
      }),
    );
  }

  function labelOf(name) {
    return cell(name).querySelector("label").textContent;
  }

  function element(tag, className = "", text = "") {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  // ---- typing ----------------------------------------------------------------------------------------------------

  function typed(name) {
    computed.delete(name);
    noteComputed();
    if (name === "kind") showFieldsOfKind();
    cell(name).classList.remove("is-refused");
    cell(name).querySelector(".errorlist")?.remove();
    refreshSoon();
  }

  section.addEventListener("input", (event) => {
    if (event.target.closest(".entry-cell")) typed(event.target.name);
  });
  // a field that was left shows its sum, and an empty one its usual value
  section.addEventListener("focusout", (event) => {
    if (event.target.closest(".entry-cell")) refreshSoon(60);
  });

  const KINDS = { b: "BUY", s: "SELL", v: "DIVIDEND" };
  input("kind").addEventListener("keydown", (event) => {
    const kind = KINDS[event.key.toLowerCase()];
    if (!kind || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input("kind").value = kind;
    typed("kind");
  });

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const button = document.querySelector(`[form="${form.id}"][name="_addanother"]`);
    form.requestSubmit(button || undefined);
  });

  // ---- the type-ahead --------------------------------------------------------------------------------------------

  const box = input("instrument");
  const list = document.getElementById("instrument-suggestions");
  let offered = [];
  let chosen = 0;
  let asked = 0;
  let waiting;

  async function suggest() {
    const number = ++asked;
    const query = new URLSearchParams({ q: box.value, account: input("account").value, date: input("date").value });
    let response;
    try {
      response = await fetch(`${settings.instruments}?${query}`);
    } catch {
      return;
    }
    if (!response.ok || number !== asked || document.activeElement !== box) return;
    offered = (await response.json()).results;
    chosen = 0;
    drawList();
  }

  function drawList() {
    const options = offered.map((each, place) => {
      const option = element("li");
      option.id = `instrument-suggestion-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(place === chosen));
      option.append(marked(each.symbol), element("span", "entry-name", each.name), element("span", "entry-held", each.held));
      option.addEventListener("mousedown", (event) => {
        event.preventDefault(); // keeps the cursor in the box
        pick(place);
      });
      return option;
    });
    list.replaceChildren(...(options.length ? options : [nothing()]));
    open(true);
  }

  function marked(symbol) {
    const ticker = element("span", "entry-ticker");
    const start = symbol.toLowerCase().indexOf(box.value.trim().toLowerCase());
    const length = start < 0 ? 0 : box.value.trim().length;
    ticker.append(symbol.slice(0, Math.max(start, 0)), element("u", "", symbol.slice(start, start + length)));
    ticker.append(symbol.slice(Math.max(start, 0) + length));
    return ticker;
  }

  function nothing() {
    const line = element("li", "entry-nothing");
    line.setAttribute("role", "option");
    line.setAttribute("aria-disabled", "true");
    const link = element("a", "", words.new);
    link.href = settings.newInstrument;
    link.target = "_blank";
    link.addEventListener("mousedown", (event) => event.stopPropagation());
    line.append(`${words.none} `, link);
    return line;
  }

  function open(isOpen) {
    list.hidden = !isOpen;
    box.setAttribute("aria-expanded", String(isOpen));
    if (isOpen && offered.length) box.setAttribute("aria-activedescendant", `instrument-suggestion-${chosen}`);
    else box.removeAttribute("aria-activedescendant");
  }

  function pick(place) {
    box.value = offered[place].symbol;
    close();
    typed("instrument");
  }

  function close() {
    clearTimeout(waiting);
    asked++;
    open(false);
  }

  function suggestSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, 90);
  }

  box.addEventListener("input", suggestSoon);
  box.addEventListener("focus", () => {
    if (!box.value) suggestSoon();
  });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (list.hidden) {
      if (event.key === "ArrowDown") suggestSoon();
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + offered.length) % Math.max(offered.length, 1);
      drawList();
    } else if (event.key === "Escape") {
      close();
    } else if ((event.key === "Enter" || (event.key === "Tab" && box.value)) && offered.length && !event.ctrlKey) {
      if (event.key === "Enter") event.preventDefault();
      pick(chosen);
    }
  });

  // ---- at the start ----------------------------------------------------------------------------------------------

  function placeCursor() {
    const refused =
      section.querySelector("#id_confirm") ||
      section.querySelector(".is-refused :is(input, select):not(:disabled)");
    if (refused) return refused.focus();
    // after "save and add another" date, account and kind are there: typing goes on at the instrument
    const goesOn = new URLSearchParams(location.search).has("account") && !box.disabled;
    (goesOn ? box : input("kind")).focus();
  }

  showFieldsOfKind();
  noteComputed();
  placeCursor();
  refresh();
});
