// Draws the charts of a page as they come into view, with one plotly.js on our own host.
"use strict";
(() => {
  const root = document.documentElement.dataset.content_root || "./";
  const SHAPES = "casebook:countries";
  let plotly;

  const themeName = () => (document.documentElement.dataset.theme === "dark" ? "dark" : "light");

  const loadScript = (name) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${root}_static/${name}`;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${name} could not be loaded`));
      document.head.append(script);
    });

  const loadPlotly = () => {
    // An empty topology keeps plotly from asking its own host for one: our maps bring their shapes.
    window.PlotlyGeoAssets = { topojson: { world_110m: { type: "Topology", objects: {}, arcs: [] } } };
    plotly ??= Promise.all([loadScript("plotly.min.js"), loadScript("casebook-theme.js")]);
    return plotly;
  };

  // Shapes are fetched once a page, into the place where plotly keeps what it has fetched by address.
  let shapes;
  const loadShapes = (address) => {
    shapes ??= fetch(address)
      .then((answer) => answer.json())
      .then((loaded) => {
        window.PlotlyGeoAssets[address] = loaded;
      });
    return shapes;
  };

  const draw = async (picture) => {
    const figure = JSON.parse(picture.nextElementSibling.textContent);
    await loadPlotly();
    for (const trace of figure.data.filter((t) => t.geojson === SHAPES)) {
      trace.geojson = new URL(`${root}_static/countries.geojson`, location.href).href;
      await loadShapes(trace.geojson);
    }
    const layout = { ...figure.layout, template: window.casebookThemes[themeName()], autosize: true };
    await window.Plotly.newPlot(picture, figure.data, layout, { responsive: true, displayModeBar: false });
    picture.dataset.drawn = "yes";
  };

  const fail = (picture, error) => {
    picture.textContent = picture.getAttribute("aria-label");
    console.error(error);
  };

  const watch = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((e) => e.isIntersecting)) {
        watch.unobserve(entry.target);
        draw(entry.target).catch((error) => fail(entry.target, error));
      }
    },
    { rootMargin: "400px" },
  );
  document.querySelectorAll(".casebook-picture").forEach((picture) => {
    const height = JSON.parse(picture.nextElementSibling.textContent).layout.height;
    if (height) picture.style.minHeight = `${height}px`;
    watch.observe(picture);
  });

  new MutationObserver(() => {
    document.querySelectorAll(".casebook-picture[data-drawn]").forEach((picture) => {
      window.Plotly.relayout(picture, { template: window.casebookThemes[themeName()] });
    });
  }).observe(document.documentElement, { attributeFilter: ["data-theme"] });
})();
