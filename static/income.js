// The stress test's sliders: the outcome follows while they move. Without this script the form's button does the same.
(() => {
  "use strict";

  const form = document.querySelector("form.sliders");
  const outcome = document.getElementById("stress-outcome");
  if (!form || !outcome || !window.fetch) return;

  const WAIT = 120;
  let timer = 0;
  let running = null;

  const show = () => {
    for (const output of form.querySelectorAll("output")) {
      output.value = `${form.elements[output.htmlFor.value].value} %`;
    }
  };

  const address = (base) => `${base}?${new URLSearchParams(new FormData(form))}`;

  const refresh = async () => {
    running?.abort();
    running = new AbortController();
    try {
      const response = await fetch(address(form.dataset.outcome), { signal: running.signal, credentials: "same-origin" });
      // a login that ended answers with another page
      if (!response.ok || response.redirected) return form.submit();
      outcome.innerHTML = await response.text();
      history.replaceState(null, "", `${address(location.pathname)}#stress`);
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    }
  };

  form.classList.add("live");
  form.addEventListener("input", () => {
    show();
    clearTimeout(timer);
    timer = setTimeout(refresh, WAIT);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    refresh();
  });
})();
