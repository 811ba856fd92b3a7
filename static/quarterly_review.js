// The review: marks in the rail which section is being read. The page is whole without it.
(() => {
  "use strict";

  const links = new Map();
  for (const link of document.querySelectorAll('.toc ol a[href^="#"]')) links.set(link.hash.slice(1), link);

  const mark = (id) => {
    for (const [name, link] of links) {
      if (name === id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };

  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) if (entry.isIntersecting) mark(entry.target.id);
    },
    { rootMargin: "-10% 0px -75% 0px" },
  );
  for (const id of links.keys()) {
    const section = document.getElementById(id);
    if (section) watcher.observe(section);
  }
})();
