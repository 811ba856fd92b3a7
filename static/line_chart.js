// A line over time that can be looked into: takes the place of the drawing in the page once Plotly is there.
// Formats nothing: words, axes and labels of every range come with the page. Without it the drawing stays.
(() => {
  "use strict";

  const figure = document.getElementById("line");
  const source = document.getElementById("line-data");
  const script = document.currentScript;
  if (!figure || !source || !script) return;

  const data = JSON.parse(source.textContent);
  const box = figure.querySelector(".line-plot");
  const drawn = box.querySelector("svg");
  const DAY = 86400000;
  let range = figure.dataset.range;
  let chart = null;

  const dates =
    data.days ?? data.values.map((_, place) => new Date(Date.parse(data.start) + place * DAY).toISOString().slice(0, 10));

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  const tinted = (name, share) => {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour(name).slice(at, at + 2), 16));
    return `rgba(${red}, ${green}, ${blue}, ${share})`;
  };

  // the strip under the axis where record days stand
  const STRIP = 12;

  const isPhone = () => matchMedia("(max-width: 760px)").matches;

  const hover = (word, withUnit = true) =>
    `%{x|${data.dates}}<br>${word} %{y:${data.format}}${withUnit ? data.unit : ""}<extra></extra>`;

  const levelTraces = (shown, values) => {
    if (data.level === null) return [];
    const from = Math.max(data.levelFrom - shown.first, 0);
    const x = dates.slice(shown.first + from);
    const level = { x, y: x.map(() => data.level), mode: "lines", hoverinfo: "skip", line: { color: colour("--ink-2"), width: 1, dash: "dot" } };
    const under = values.slice(from).map((value) => (value === null ? null : Math.min(value, data.level)));
    return [
      level,
      { x, y: under, mode: "lines", hoverinfo: "skip", line: { width: 0 }, fill: "tonexty", fillcolor: tinted("--down", 0.13) },
    ];
  };

  const markTrace = (shown, isPurchase) => {
    const marks = (data.marks ?? []).filter((mark) => mark.place >= shown.first && mark.isPurchase === isPurchase);
    return {
      x: marks.map((mark) => dates[mark.place]),
      y: marks.map((mark) => data.values[mark.place]),
      text: marks.map((mark) => mark.words),
      mode: "markers",
      hovertemplate: "%{text}<extra></extra>",
      marker: { size: 9, color: colour(isPurchase ? "--accent" : "--paper"), line: { color: colour("--accent"), width: 2 } },
    };
  };

  const recordTrace = (shown) => {
    const places = (data.records ?? []).filter((place) => place >= shown.first);
    return {
      x: places.map((place) => dates[place]),
      y: places.map(() => 0.5),
      yaxis: "y2",
      mode: "markers",
      hovertemplate: `%{x|${data.dates}}<br>${data.words.records}<extra></extra>`,
      marker: { symbol: "line-ns", size: 7, line: { color: colour("--accent"), width: 2 } },
    };
  };

  const traces = (shown) => {
    const x = dates.slice(shown.first);
    const values = data.values.slice(shown.first);
    const found = levelTraces(shown, values);
    if (data.index) {
      const y = data.index.slice(shown.first).map((growth) => (growth === null ? null : growth * shown.scale));
      found.push({ x, y, mode: "lines", hovertemplate: hover(data.words.index), line: { color: colour("--ink-3"), width: 1.25 } });
    }
    found.push({ x, y: values, mode: "lines", hovertemplate: hover(data.words.values), line: { color: colour("--ink"), width: 1.75 } });
    if (data.records?.length) found.push(recordTrace(shown));
    if (data.marks?.length) found.push(markTrace(shown, true), markTrace(shown, false));
    return found;
  };

  const label = (options, color) => ({ showarrow: false, font: { size: 12, color }, ...options });

  const annotations = (shown) => {
    const found = [];
    if (shown.lowest) {
      const [place, words] = shown.lowest;
      const isLate = place - shown.first > (dates.length - shown.first) * 0.7;
      found.push(
        label({ x: dates[place], y: data.values[place], text: words, xanchor: isLate ? "right" : "left", yanchor: "top", yshift: -2 }, colour("--ink-2")),
      );
    }
    if (isPhone()) return found;
    for (const [value, words, kind] of shown.ends) {
      const text = kind === "ink" ? `<b>${words}</b>` : words;
      found.push(
        label({ xref: "paper", x: 1, xshift: 8, xanchor: "left", y: value, text }, colour(kind === "ink" ? "--ink" : "--ink-3")),
      );
    }
    return found;
  };

  const axisDates = (shown) => {
    const every = isPhone() ? (shown.dates.length > 6 ? 3 : shown.dates.length > 4 ? 2 : 1) : 1;
    return shown.dates.filter((_, place) => place % every === 0);
  };

  const layout = (shown) => {
    const style = getComputedStyle(box);
    const font = { family: getComputedStyle(document.body).fontFamily, size: 12, color: colour("--ink-3") };
    const named = axisDates(shown);
    const side = (name) => parseFloat(style.getPropertyValue(`padding-${name}`));
    const strip = STRIP / (box.clientHeight - side("top") - side("bottom") + STRIP);
    return {
      paper_bgcolor: "rgba(0, 0, 0, 0)",
      plot_bgcolor: "rgba(0, 0, 0, 0)",
      font,
      showlegend: false,
      hovermode: "closest",
      hoverdistance: 40,
      dragmode: false,
      margin: { l: side("left"), r: side("right"), t: side("top"), b: side("bottom") - STRIP, pad: 0 },
      height: box.clientHeight,
      xaxis: {
        range: [dates[shown.first], dates[dates.length - 1]],
        anchor: "y",
        fixedrange: true,
        showgrid: false,
        zeroline: false,
        showline: true,
        linecolor: colour("--line-2"),
        tickvals: named.map(([day]) => day),
        ticktext: named.map(([, words]) => words),
        tickangle: 0,
        ticks: "outside",
        ticklen: 12,
        tickcolor: "rgba(0, 0, 0, 0)",
      },
      yaxis: {
        domain: [strip, 1],
        range: shown.y,
        fixedrange: true,
        zeroline: false,
        gridcolor: colour("--line"),
        tickvals: shown.lines.map(([value]) => value),
        ticktext: shown.lines.map(([, words]) => words),
        ticks: "",
        ticklabelstandoff: 5,
        automargin: false,
      },
      yaxis2: { domain: [0, strip], range: [0, 1], fixedrange: true, visible: false },
      annotations: annotations(shown),
      hoverlabel: {
        bgcolor: colour("--paper"),
        bordercolor: colour("--ink"),
        font: { ...font, color: colour("--ink"), size: 13 },
        align: "left",
      },
    };
  };

  const draw = async () => {
    const shown = data.plans[range];
    await window.Plotly.react(chart, traces(shown), layout(shown), { displayModeBar: false, responsive: false, doubleClick: false });
    drawn.setAttribute("visibility", "hidden");
    figure.dataset.ready = range;
  };

  const start = () => {
    chart = document.createElement("div");
    chart.className = "live";
    chart.setAttribute("role", "img");
    chart.setAttribute("aria-label", drawn.getAttribute("aria-label"));
    drawn.setAttribute("aria-hidden", "true");
    box.append(chart);
    draw();
    new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-theme", "data-direction"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    let width = box.clientWidth;
    new ResizeObserver(() => {
      if (box.clientWidth === width) return;
      width = box.clientWidth;
      draw();
    }).observe(box);
  };

  const choose = (event) => {
    const link = event.target.closest("a[data-range]");
    if (!link || !chart || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    range = link.dataset.range;
    for (const other of link.parentElement.children) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    const title = document.getElementById("range-title");
    if (title) title.textContent = link.dataset.title;
    // a reload, and the switches of the frame, come back to the same range
    history.replaceState(null, "", link.href);
    const back = document.querySelector("#switches input[name=next]");
    if (back) back.value = location.pathname + location.search;
    draw();
  };

  const load = () => {
    const plotly = document.createElement("script");
    plotly.src = script.dataset.plotly;
    plotly.addEventListener("load", start);
    document.body.append(plotly);
  };

  document.addEventListener("click", choose);
  const whenIdle = () => (window.requestIdleCallback ? requestIdleCallback(load, { timeout: 2000 }) : setTimeout(load, 200));
  if (document.readyState === "complete") whenIdle();
  else addEventListener("load", whenIdle, { once: true });
})();
