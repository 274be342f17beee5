"""What the warm parent imports once, before it forks a kernel for each page (see `warm`)."""

import gc
import threading
from pathlib import Path

import geopandas  # noqa: F401
import ipykernel.debugger
import ipykernel.ipkernel
import ipykernel.kernelapp  # noqa: F401
import IPython.extensions.storemagic  # noqa: F401
import pandas as pd
import plotly.graph_objects as go

import casebook.cli
import casebook.exhibits
import casebook.figures  # noqa: F401

# A first figure and a first frame load what these libraries put off until used.
go.Figure([go.Scatter(x=[1], y=[1]), go.Bar(x=[1], y=[1]), go.Choropleth(z=[1])]).to_json()
pd.DataFrame({"day": pd.to_datetime(["2022-01-31"]), "value": [1.0]}).groupby("day").sum()
# Frozen objects are not touched by the collector, so the forks keep sharing their memory.
gc.freeze()

_tasks = Path("/proc/self/task")
if threading.active_count() != 1 or (_tasks.is_dir() and len(list(_tasks.iterdir())) != 1):
    raise RuntimeError("the warm parent has more than one thread; it must not fork")
