"""Bytes and seconds until a reader sees the first chart: our page, Jupyter Book with Plotly as it comes, Observable Framework.

The same chart of the same rows, in headless Chromium with the processor slowed 4 times and a line of 10 Mbit/s,
cold cache; median of the runs, order alternated. Each page is served compressed, from this machine.
"""

from __future__ import annotations

import gzip
import http.server
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Browser, sync_playwright

from bench import observable
from bench.books import ROOT
from bench.shell import run
from casebook.browser import launch
from casebook.exhibits import listed

PAGE = "platform/x-revenue"
CHART = "x-revenue"
SLOWER, BITS_A_SECOND, LATENCY_MS = 4, 10_000_000, 40
# Notes the moment at which a chart is on the screen: an image that is loaded, or an SVG with marks in it.
WATCH = """(() => {
  const seen = () => [...document.querySelectorAll('.casebook-picture img, svg.main-svg .point, svg.main-svg .js-line, figure svg path, .observablehq svg path, svg[class*=plot] path')]
    .some(e => { const box = e.getBoundingClientRect(); return box.width > 0 && (e.tagName !== 'IMG' || (e.complete && e.naturalWidth > 0)); });
  const look = () => { if (seen()) window.firstChart = performance.now(); else requestAnimationFrame(look); };
  requestAnimationFrame(look);
})()"""


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, compressed as a web server does."""

    packed: dict[str, bytes]

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            path = path.with_name(path.name + ".html")
        if not path.is_file():
            self.send_error(404)
            return
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if path.suffix not in (".woff2", ".png"):
            body = gzip.compress(body, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = type("Served", (Handler,), {"__init__": lambda self, *a, **k: Handler.__init__(self, *a, directory=str(folder), **k)})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def default_plotly(folder: Path) -> Path:
    """A Jupyter Book of one page whose notebook shows the same figure by plotly's own notebook renderer."""
    figure = json.loads((ROOT / "_site" / "exhibits" / f"{CHART}.json").read_text("utf-8"))
    code = f"import json\nimport plotly.graph_objects as go\nimport plotly.io as pio\npio.renderers.default = 'notebook'\ngo.Figure(json.loads({json.dumps(json.dumps(figure))})).show()"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# What X earned"), nbformat.v4.new_code_cell(code)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    (folder / "book").mkdir(parents=True)
    nbformat.write(notebook, folder / "book" / "index.ipynb")
    (folder / "book" / "_config.yml").write_text("title: Plain\nexecute:\n  execute_notebooks: force\n", "utf-8")
    (folder / "book" / "_toc.yml").write_text("format: jb-book\nroot: index\n", "utf-8")
    run([str(Path(sys.executable).with_name("jupyter-book")), "build", "book", "-q"], folder)
    return folder / "book" / "_build" / "html"


def observable_page(folder: Path) -> Path | None:
    """An Observable Framework page of the same points, by Observable Plot; None without npm."""
    if not observable.there():
        return None
    figure = json.loads((ROOT / "_site" / "exhibits" / f"{CHART}.json").read_text("utf-8"))
    rows = [
        {"date": str(x), "value": y, "series": trace.get("name", "")}
        for trace in figure["data"]
        for x, y in zip(listed(trace["x"]), listed(trace["y"]), strict=True)
    ]
    source = observable.make(folder)
    (source / "rows.json").write_text(json.dumps(rows), "utf-8")
    (source / "index.md").write_text(
        "# What X earned\n\n```js\nimport * as Plot from '@observablehq/plot';\nconst rows = await FileAttachment('rows.json').json();\ndisplay(Plot.plot({color: {legend: true}, marks: ["
        "Plot.dot(rows.map(d => ({...d, date: new Date(d.date)})), {x: 'date', y: 'value', stroke: 'series'})]}));\n```\n",
        "utf-8",
    )
    return observable.build(folder)


def measure(browser: Browser, address: str) -> tuple[float, int]:
    """Seconds until the first chart is seen, and bytes of what had come whole by then."""
    context = browser.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY_MS, "downloadThroughput": BITS_A_SECOND / 8, "uploadThroughput": BITS_A_SECOND / 8},
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    came: list[int] = []
    session.on("Network.loadingFinished", lambda event: came.append(int(event["encodedDataLength"])))
    page.add_init_script(WATCH)
    page.goto(address, wait_until="commit")
    while not page.evaluate("window.firstChart"):
        page.wait_for_timeout(20)
    seconds = page.evaluate("window.firstChart") / 1000
    context.close()
    return seconds, sum(came)


def bench(folder: Path, repeats: int) -> list[dict[str, Any]]:
    """A row for each system and repeat: seconds, and bytes sent before the chart is seen."""
    sites = {"ours": (ROOT / "_site", f"{PAGE}.html"), "jupyter-book-plotly": (default_plotly(folder / "plain"), "index.html")}
    if made := observable_page(folder / "observable"):
        sites["observable-framework"] = (made, "index.html")
    found: dict[str, list[tuple[float, int]]] = {name: [] for name in sites}
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for turn in range(repeats):
            for name in list(sites)[:: 1 if turn % 2 == 0 else -1]:
                with served(sites[name][0]) as address:
                    found[name].append(measure(browser, address + sites[name][1]))
        browser.close()
    return [{"system": name, "seconds": seconds, "bytes": sent} for name, runs in found.items() for seconds, sent in runs]
