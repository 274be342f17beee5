// Makes a chart's picture interactive when the reader reaches for it, with plotly.js on our own host.
"use strict";
(() => {
  const root = document.documentElement.dataset.content_root || "./";
  const SHAPES = "casebook:countries";
  const PICTURE = ".casebook-picture[data-figure]";

  const themeName = () => (document.documentElement.dataset.theme === "dark" ? "dark" : "light");

  const once = (make) => {
    const made = new Map();
    return (name) => made.get(name) ?? made.set(name, make(name)).get(name);
  };

  const loadScript = once(
    (name) =>
      new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = `${root}_static/${name}`;
        script.onload = resolve;
        script.onerror = () => reject(new Error(`${name} could not be loaded`));
        document.head.append(script);
      }),
  );

  // Each file of plotly.js names itself Plotly, so they are loaded one after another and kept apart.
  let turn = Promise.resolve();
  const loadPlotly = once((file) => {
    // An empty topology keeps plotly from asking its own host for one: our maps bring their shapes.
    window.PlotlyGeoAssets ??= { topojson: { world_110m: { type: "Topology", objects: {}, arcs: [] } } };
    turn = turn.then(async () => {
      await loadScript("casebook-themes.js");
      await loadScript(file);
      return window.Plotly;
    });
    return turn;
  });

  // Shapes are fetched once a page, into the place where plotly keeps what it has fetched by address.
  const loadShapes = once(async (address) => {
    window.PlotlyGeoAssets[address] = await (await fetch(address)).json();
  });

  const draw = async (picture) => {
    const [answer, plotly] = await Promise.all([fetch(picture.dataset.figure), loadPlotly(picture.dataset.plotly)]);
    const figure = await answer.json();
    for (const trace of figure.data.filter((t) => t.geojson === SHAPES)) {
      trace.geojson = new URL(`${root}_static/countries.geojson`, location.href).href;
      await loadShapes(trace.geojson);
    }
    const live = document.createElement("div");
    live.className = "casebook-live";
    live.setAttribute("role", "img");
    live.setAttribute("aria-label", picture.querySelector("img")?.alt ?? picture.getAttribute("aria-label"));
    picture.append(live);
    // As high as the picture it replaces, so that nothing beneath it moves.
    const height = picture.clientHeight || figure.layout.height;
    const layout = { ...figure.layout, height, template: window.casebookThemes[themeName()], autosize: true };
    await plotly.newPlot(live, figure.data, layout, { responsive: true, displayModeBar: false });
    picture.classList.add("is-live");
    live.plotly = plotly;
  };

  const explore = once((picture) => {
    picture.classList.add("is-loading");
    return draw(picture)
      .catch((error) => console.error(error))
      .finally(() => picture.classList.remove("is-loading"));
  });

  const watch = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => explore(entry.target)),
    { rootMargin: "400px" },
  );

  for (const picture of document.querySelectorAll(PICTURE)) {
    if (picture.classList.contains("is-undrawn")) watch.observe(picture);
    picture.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && explore(picture));
    picture.addEventListener("click", () => explore(picture));
    const button = picture.closest("figure").querySelector(".casebook-explore");
    if (!button) continue;
    button.hidden = false;
    for (const reach of ["focus", "click"]) button.addEventListener(reach, () => explore(picture));
  }

  new MutationObserver(() => {
    for (const live of document.querySelectorAll(".casebook-live")) {
      live.plotly?.relayout(live, { template: window.casebookThemes[themeName()] });
    }
  }).observe(document.documentElement, { attributeFilter: ["data-theme"] });

  for (const snippet of document.querySelectorAll(".casebook-snippet")) {
    snippet.addEventListener("focus", () => snippet.select());
  }

  // What is folded away is printed too.
  addEventListener("beforeprint", () => {
    document.querySelectorAll(".casebook-sources details").forEach((details) => (details.open = true));
  });

  // How old the record is on the day it is read: a site that nobody keeps says so itself.
  for (const time of document.querySelectorAll("time.casebook-record-day")) {
    const days = Math.floor((Date.now() - Date.parse(time.textContent)) / 864e5);
    if (!(days > 0)) continue;
    time.insertAdjacentText("beforeend", `, ${days === 1 ? "a day" : `${days} days`} ago`);
    time.classList.toggle("stale", days > Number(time.dataset.freshDays));
  }
})();
