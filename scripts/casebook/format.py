"""Numbers as readers meet them: $44bn, 48%, 12,000 t, 31 January 2022."""

from __future__ import annotations

import math
from datetime import date

from casebook.errors import Problem

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
SCALES = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"))


def figures(value: float, digits: int = 3) -> str:
    """`value` to `digits` significant figures, with thousands separators and no trailing zeros."""
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{round(value, digits - 1 - math.floor(math.log10(abs(value)))):,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: float, currency: str) -> str:
    """An amount in short form: $44bn, HK$ and other currencies by code."""
    sign, size = ("−" if value < 0 else ""), abs(value)
    symbol = SYMBOLS.get(currency, currency + " ")
    for scale, suffix in SCALES:
        if size >= scale * 0.9995:
            return f"{sign}{symbol}{figures(size / scale)}{suffix}"
    # Prices of a few dollars keep their cents.
    return f"{sign}{symbol}{size:,.0f}" if size >= 100 or size == int(size) else f"{sign}{symbol}{size:,.2f}"


def day(iso: str) -> str:
    """2022-01-31 as 31 January 2022."""
    d = date.fromisoformat(iso)
    return f"{d.day} {d:%B %Y}"


def number(value: float | str, unit: str) -> str:
    """A number exhibit's value as prose prints it. Raises Problem for a unit it does not know."""
    if unit == "date":
        return day(str(value))
    value = float(value)
    size, sign = abs(value), "−" if value < 0 else ""
    match unit:
        case "share":
            return f"{sign}{size * 100:.0f}%" if size >= 0.1 or value == 0 else f"{sign}{figures(size * 100, 2)}%"
        case "times":
            return f"{sign}{figures(size, 2 if size < 10 else 3)} times"
        case "year":
            return f"{value:.0f}"
        case "count":
            return f"{sign}{size:,.0f}" if size < 1e6 else f"{sign}{figures(size / 1e6)} million"
        case "cents":
            return f"{sign}{figures(size)} cents"
        case "t" | "days":
            return f"{sign}{size:,.0f} {unit}"
    if len(unit) == 3 and unit.isupper():
        return money(value, unit)
    raise Problem(f"number: '{unit}' is not a unit; use share, times, year, count, cents, t, days, date or a currency code.")


def spoken(value: float) -> str:
    """A figure as it is read out, without a unit: 5.08 billion, 12,000, 0.6."""
    sign, size = ("minus " if value < 0 else ""), abs(value)
    for scale, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if size >= scale * 0.9995:
            return f"{sign}{figures(size / scale)} {word}"
    return f"{sign}{figures(size)}"
