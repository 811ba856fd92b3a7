// The import pages: files dropped anywhere on the form, progress while they are sent and read, the open row in view.
// Without a script the forms are sent as they are.
(() => {
  "use strict";

  const upload = document.querySelector("[data-upload]");

  const say = (form, text) => {
    const status = form.querySelector("[data-progress]");
    if (status) status.textContent = text;
  };

  const wait = (form, value) => {
    const bar = form.querySelector("progress");
    if (!bar) return;
    bar.hidden = false;
    if (value === null) bar.removeAttribute("value");
    else bar.value = value;
  };

  // a second click on the same button would hand the files in twice
  const hold = (form) => {
    for (const button of form.querySelectorAll("button")) button.disabled = true;
  };

  const free = (form) => {
    for (const button of form.querySelectorAll("button")) button.disabled = false;
    const bar = form.querySelector("progress");
    if (bar) bar.hidden = true;
    say(form, "");
  };

  const send = (form) => {
    const bar = form.querySelector("progress");
    const request = new XMLHttpRequest();
    request.open("POST", form.action || location.href);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      wait(form, event.lengthComputable ? (event.loaded / event.total) * 100 : null);
    });
    request.upload.addEventListener("load", () => {
      wait(form, null);
      say(form, bar.dataset.reading);
    });
    const withoutScript = () => {
      free(form);
      form.submit();
    };
    request.addEventListener("load", () => {
      const type = request.getResponseHeader("Content-Type") || "";
      // whatever else comes back, a login or a fault, the browser shows best by itself
      if (request.status !== 200 || !type.startsWith("application/json")) withoutScript();
      else location.assign(JSON.parse(request.responseText).url);
    });
    request.addEventListener("error", withoutScript);
    say(form, bar.dataset.sending);
    wait(form, 0);
    request.send(new FormData(form));
    hold(form);
  };

  if (upload) {
    const input = upload.querySelector("input[type=file]");
    const zone = upload.querySelector(".drop-zone");
    upload.addEventListener("submit", (event) => {
      event.preventDefault();
      send(upload);
    });
    for (const name of ["dragenter", "dragover"]) {
      document.addEventListener(name, (event) => {
        event.preventDefault();
        zone.classList.add("over");
      });
    }
    document.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) zone.classList.remove("over");
    });
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      if (!event.dataTransfer?.files.length) return;
      input.files = event.dataTransfer.files;
      send(upload);
    });
  }

  for (const form of document.querySelectorAll("[data-save]")) {
    form.addEventListener("submit", () => {
      say(form, form.querySelector("progress").dataset.reading);
      wait(form, null);
      // after the browser has taken the form, so that its button is sent along
      setTimeout(() => hold(form));
    });
  }

  // a page from the browser's memory comes back with its buttons as they were left
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.querySelectorAll("[data-save], [data-upload]")) free(form);
  });

  const open = document.querySelector(".row-form");
  if (open) {
    const first = open.querySelector("[aria-invalid=true]") || open.querySelector("input:not([type=hidden]), select");
    open.scrollIntoView({ block: "center" });
    first?.focus({ preventScroll: true });
  }

  // the words below depend on which column holds the type
  const columns = document.querySelector(".mapping");
  columns?.addEventListener("change", (event) => {
    if (event.target.name.startsWith("column-") && event.target.value === "type") {
      columns.querySelector(".show").click();
    }
  });
})();
