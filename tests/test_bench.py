"""The report of the benchmarks: medians, how many times ours, and wrong where any run was."""

from __future__ import annotations

from bench.report import report

RUNS = {
    "speed": [
        {"system": system, "scenario": "one row changed", "seconds": seconds, "right": right}
        for system, seconds, right in [
            ("casebook", 2.0, "yes"),
            ("papermill-each", 10.0, "yes"),
            ("papermill-each", 30.0, "no"),
            ("papermill-each", 12.0, "yes"),
        ]
    ],
    "rows": [{"rows": 1000, "seconds": 0.5, "bytes": 77_000_000}],
}


def test_medians_ratios_and_faults_are_told() -> None:
    text = report(RUNS, "2030-01-02", "a machine")
    assert "on 2030-01-02, on a machine" in text
    assert "| one row changed | this book | 2.00 |  |  | yes | 1 |" in text
    assert "| one row changed | papermill for each page, then Jupyter Book | 12.00 | 6.0 |  | no | 3 |" in text
    assert "| 1,000 rows | this book | 0.50 |  | 77,000,000 |  | 1 |" in text
    assert text.index("## From a change") < text.index("## How cost grows with rows") and "Dask" not in text
