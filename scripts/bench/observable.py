"""Observable Framework (observablehq.com/framework), from npm, as a peer: a page of ours written as one of its own.

A page's rows come from a data loader that reads the CSV files, its way of computing at build time; the
reader's browser draws them with Observable Plot. Of every read of the page there is a chart and a table.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.shell import run

PACKAGES = ("@observablehq/framework", "@observablehq/plot", "d3", "d3-dsv")
CONFIG = "export default {title: 'Plain', root: 'src', search: false, globalStylesheets: [], fonts: []};\n"
LOADER = """import {{readFileSync}} from 'node:fs';
import {{csvParse}} from 'd3-dsv';
const reads = {reads};
const matches = where => row => Object.entries(where).every(([column, wanted]) => [wanted].flat().includes(row[column]));
const rows = reads.map(({{table, where}}) => csvParse(readFileSync(`data/${{table}}.csv`, 'utf-8')).filter(matches(where)));
process.stdout.write(JSON.stringify(rows));
"""
PAGE = """# {title}

```js
import * as Plot from '@observablehq/plot';
const reads = await FileAttachment('{loader}').json();
for (const rows of reads.filter(rows => rows.length)) {{
  const columns = Object.keys(rows[0]);
  const dated = columns.find(name => name.endsWith('_date') || name.endsWith('_on') || name.endsWith('_end'));
  const figure = columns.find(name => name !== dated && rows.some(row => row[name] && !isNaN(row[name])));
  if (dated && figure) display(Plot.plot({{marks: [Plot.dot(rows.map(row => ({{date: new Date(row[dated]), value: +row[figure]}})), {{x: 'date', y: 'value'}})]}}));
  const table = document.createElement('table');
  for (const cells of [columns, ...rows.map(row => columns.map(name => row[name]))]) {{
    const line = table.insertRow();
    for (const cell of cells) line.insertCell().textContent = cell;
  }}
  display(table);
}}
```
"""


def there() -> bool:
    """Whether this machine has npm."""
    return shutil.which("npm") is not None


def make(folder: Path) -> Path:
    """An empty project with its packages installed; return the folder of its sources."""
    (folder / "src").mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps({"private": True, "type": "module"}), "utf-8")
    (folder / "observablehq.config.js").write_text(CONFIG, "utf-8")
    run(["npm", "install", "--silent", "--no-audit", "--no-fund", *PACKAGES], folder)
    return folder / "src"


def build(folder: Path) -> Path:
    """Build a project; return the folder of its site."""
    run(["npx", "observable", "build"], folder)
    return folder / "dist"


def add_page(source: Path, page: str, title: str, reads: Iterable[Mapping[str, Any]]) -> None:
    """Write a page and the loader of its rows; a read has a `table` and a `where`."""
    wanted = [{"table": read["table"], "where": read["where"]} for read in reads]
    file = source / f"{page}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    loader = f"{file.stem}-rows.json"
    file.write_text(PAGE.format(title=title, loader=loader), "utf-8")
    (file.parent / f"{loader}.js").write_text(LOADER.format(reads=json.dumps(wanted)), "utf-8")
