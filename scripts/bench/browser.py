"""The Chromium that opens built sites, for benchmarks and tests."""

from __future__ import annotations

from playwright.sync_api import Browser, Playwright

from casebook import browser

# As root, and without asking any host of its own.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch(playwright: Playwright) -> Browser:
    """Start this machine's Chromium. Raises AssertionError where there is none."""
    found = browser.find()
    assert found, "no Chromium; run scripts/install-browser"
    return playwright.chromium.launch(executable_path=found, args=FLAGS)
