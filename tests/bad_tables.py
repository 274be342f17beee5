"""Malformed tables: what was done to a good one, and what must be said. None where the table is still read rightly."""

from __future__ import annotations

from collections.abc import Callable

TABLE = "water/use"
FIRST = "easton-2020-01,easton,2020-01-31,142.0,reported-official,waterworks,2026-01-31,,"
Spoil = Callable[[str], str | bytes]


def cell(column: int, value: str) -> Spoil:
    """Another value in a cell of the first row, quoted where it must be."""
    quoted = '"' + value.replace('"', '""') + '"' if any(sign in value for sign in ',"\n\r') else value

    def spoil(text: str) -> str:
        cells = FIRST.split(",")
        cells[column] = quoted
        return text.replace(FIRST, ",".join(cells))

    return spoil


def raw(old: str, new: str) -> Spoil:
    return lambda text: text.replace(old, new, 1)


ID, TOWN, DATE, LITRES, STATUS, SOURCES, PUBLISHED, SUPERSEDES, NOTE = range(9)

CORPUS: dict[str, tuple[Spoil, str | None]] = {
    # Files
    "nothing": (lambda text: "", "the file is empty"),
    "a newline only": (lambda text: "\n", "the file is empty"),
    "a header only": (lambda text: text.splitlines()[0] + "\n", None),
    "UTF-16": (lambda text: text.encode("utf-16"), "is not UTF-8"),
    "UTF-16 without a mark": (lambda text: text.encode("utf-16-le"), "NUL"),
    "UTF-32": (lambda text: text.encode("utf-32"), "is not UTF-8"),
    "Latin-1": (lambda text: text.replace("easton,", "eastön,", 1).encode("latin-1"), "is not UTF-8"),
    "Windows-1252": (lambda text: text.replace(FIRST, FIRST + "it’s").encode("cp1252"), "is not UTF-8"),
    "Mac Roman": (lambda text: text.replace(FIRST, FIRST + "é").encode("mac-roman"), "is not UTF-8"),
    "half a letter at the end": (lambda text: text.encode() + b"\xc3", "is not UTF-8"),
    "an overlong letter": (lambda text: text.encode() + b"\xc0\xaf", "is not UTF-8"),
    "a surrogate": (lambda text: text.encode() + b"\xed\xa0\x80", "is not UTF-8"),
    "a byte order mark": (lambda text: "\ufeff" + text, None),
    "line ends of Windows": (lambda text: text.replace("\n", "\r\n"), None),
    "line ends of the old Macintosh": (lambda text: text.replace("\n", "\r"), None),
    "no newline at the end": (lambda text: text.rstrip("\n"), None),
    "an empty line in the middle": (raw(FIRST, FIRST + "\n"), "the line is empty; delete it"),
    "an empty line at the end": (lambda text: text + "\n", "the line is empty; delete it"),
    "a zip": (lambda text: b"PK\x03\x04\x14\x00\x00\x00\x08\x00\xff\xfe", "is not UTF-8"),
    "a web page": (lambda text: "<!doctype html><html><body>404</body></html>\n", "column 'id' is missing"),
    "JSON": (lambda text: '[{"id": "a"}]\n', "column 'id' is missing"),
    # Form
    "semicolons": (lambda text: text.replace(",", ";"), "row 1: the cells are separated by semicolons; save the file with commas"),
    "tabs": (lambda text: text.replace(",", "\t"), "separated by tabs; save the file with commas"),
    "bars": (lambda text: text.replace(",", "|"), "separated by bars"),
    "quotes round everything": (lambda text: "\n".join('"' + line.replace(",", '","') + '"' for line in text.splitlines()) + "\n", None),
    "single quotes": (raw("easton-2020-01,", "'easton-2020-01',"), "column id"),
    "a quote that is never closed": (raw(FIRST, FIRST + '"half'), "never closed"),
    "a quote in the middle": (raw(FIRST, FIRST.replace("easton,", 'eas"ton,')), "column town"),
    "one cell too many": (raw(FIRST, FIRST + ",more"), "it has 10 cells where the header has 9"),
    "one cell too few": (raw(FIRST, FIRST[:-1]), "it has 8 cells where the header has 9"),
    "a comma without quotes": (cell(NOTE, "x"), None),
    "a note of two parts without quotes": (raw(FIRST, FIRST + "one, two"), "it has 10 cells"),
    "a column too few": (lambda text: "\n".join(line.rsplit(",", 1)[0] for line in text.splitlines()) + "\n", "column 'note' is missing"),
    "a column too many": (lambda text: "\n".join(line + ",x" for line in text.splitlines()) + "\n", "column 'x' is not in the schema"),
    "a column twice": (raw("litres", "town"), "column 'litres' is missing"),
    "a header twice": (raw("supersedes,note", "note,note"), "column 'supersedes' is missing"),
    "columns in another order": (raw("id,town", "town,id"), "another order"),
    "a header in capitals": (raw("town,", "Town,"), "column 'town' is missing"),
    "a header with a space": (raw("town,", "town ,"), "column 'town' is missing"),
    "no header": (lambda text: text.split("\n", 1)[1], "column 'id' is missing"),
    "the header in the middle again": (
        raw(FIRST, FIRST + "\nid,town,event_date,litres,status,source_ids,published_on,supersedes,note"),
        "'litres' is not a number",
    ),
    "a comment": (raw(FIRST, "# January\n" + FIRST), "it has 1 cell where"),
    "semicolons and decimal commas": (
        lambda text: text.replace(",", ";").replace(".", ","),
        "the cells are separated by semicolons; save the file with commas",
    ),
    "semicolons within quotes": (lambda text: text.replace("id,town", "id;town;x", 1), "is missing"),
    "a note to a spreadsheet": (lambda text: "sep=,\n" + text, "'sep=' is a note to a spreadsheet"),
    "a quote in the header": (lambda text: '"' + text, "never closed"),
    # Numbers
    "thousands separators": (cell(LITRES, "1,420"), "'1,420' is not a number"),
    "a decimal comma": (cell(LITRES, "142,0"), "'142,0' is not a number"),
    "thin spaces": (cell(LITRES, "1\u202f420"), "column litres"),
    "a unit": (cell(LITRES, "142 l"), "'142 l' is not a number"),
    "a currency sign": (cell(LITRES, "$142"), "'$142' is not a number"),
    "a percent sign": (cell(LITRES, "142%"), "'142%' is not a number"),
    "a word": (cell(LITRES, "many"), "'many' is not a number"),
    "a dash": (cell(LITRES, "-"), "'-' is not a number"),
    "a Unicode minus": (cell(LITRES, "\u2212142"), "is not a number"),
    "below the least": (cell(LITRES, "-142"), "below 0"),
    "an exponent": (cell(LITRES, "1.42e2"), None),
    "not a number": (cell(LITRES, "NaN"), "is not a number"),
    "infinity": (cell(LITRES, "INF"), "is not a number"),
    "Arabic digits": (cell(LITRES, "\u0661\u0664\u0662"), "is not a number"),
    "full-width digits": (cell(LITRES, "\uff11\uff14\uff12"), "is not a number"),
    "hexadecimal": (cell(LITRES, "0x8e"), "is not a number"),
    "a fraction": (cell(LITRES, "142 1/2"), "is not a number"),
    "underscores": (cell(LITRES, "1_420"), "is not a number"),
    "an empty number": (cell(LITRES, ""), "the cell is empty"),
    "a number with a space before": (cell(LITRES, " 142"), "column litres"),
    "a number of a spreadsheet's fault": (cell(LITRES, "#REF!"), "is not a number"),
    "noughts before a number": (cell(LITRES, "0142"), "'0142' is not a number"),
    "a number with a plus": (cell(LITRES, "+142"), "'+142' is not a number"),
    "a bare point": (cell(LITRES, "142."), "'142.' is not a number"),
    "no number at all": (cell(LITRES, "1e999"), "is not a number"),
    # Days
    "the thirty-first of February": (cell(DATE, "31/02/2020"), "YYYY-MM-DD"),
    "a day that is not": (cell(DATE, "2020-02-31"), "'2020-02-31' is not a date: day is out of range for month; correct it"),
    "an American day": (cell(DATE, "1/31/2020"), "YYYY-MM-DD"),
    "a day in words": (cell(DATE, "31 January 2020"), "YYYY-MM-DD"),
    "a spreadsheet's day": (cell(DATE, "43861"), "YYYY-MM-DD"),
    "a day with a time": (cell(DATE, "2020-01-31T00:00:00"), "YYYY-MM-DD"),
    "a month": (cell(DATE, "2020-01"), "YYYY-MM-DD"),
    "a day without dashes": (cell(DATE, "20200131"), "YYYY-MM-DD"),
    "a day of the future": (cell(PUBLISHED, "2031-01-01"), "after the record's own day"),
    "an event of the future": (cell(DATE, "2031-01-01"), "after the record's own day"),
    "a day without noughts": (cell(PUBLISHED, "2025-1-1"), "'2025-1-1' is not a date; write a day as YYYY-MM-DD"),
    "a day in Arabic digits": (cell(DATE, "٢٠٢٠-٠١-٣١"), "write a day as YYYY-MM-DD, in the digits 0 to 9"),
    "a day in full-width digits": (cell(PUBLISHED, "２０２０-01-31"), "is not a date"),
    "a day of another dash": (cell(DATE, "2020\u201101\u201131"), "is not a date"),
    "the first of all days": (cell(PUBLISHED, "0001-01-01"), "0001-01-01 is not between 1000-01-01 and 2199-12-31"),
    "the last of all days": (cell(DATE, "9999-12-31"), "9999-12-31 is not between 1000-01-01 and 2199-12-31"),
    "a thirteenth month": (cell(DATE, "2020-13-01"), "month must be in 1..12"),
    # Keys
    "an id twice": (raw(FIRST, FIRST + "\n" + FIRST), "is used twice"),
    "no id": (cell(ID, ""), "column id"),
    "an id with a space": (cell(ID, "easton 1"), "does not have the form"),
    "an id that climbs": (cell(ID, "../../etc/passwd"), "does not have the form"),
    "an id of another table": (cell(ID, "c1"), "already a row of"),
    "a source that is not there": (cell(SOURCES, "nobody"), "no source has this id"),
    "no source": (cell(SOURCES, ""), "column source_ids"),
    "a lone semicolon": (cell(SOURCES, ";"), "column source_ids: ';' is not a list"),
    "a semicolon at the end": (cell(SOURCES, "waterworks;"), "'waterworks;' is not a list"),
    "a space in a list": (cell(SOURCES, "waterworks; leaflet"), "is not a list"),
    "a source twice": (cell(SOURCES, "waterworks;waterworks"), "'waterworks' is listed twice; delete one"),
    "two sources with a comma": (cell(SOURCES, "waterworks,leaflet"), "no source has this id"),
    "a row that supersedes itself": (cell(SUPERSEDES, "easton-2020-01"), "supersedes itself"),
    "two rows that supersede each other": (
        lambda text: raw(
            "easton-2020-02,easton,2020-02-29,142.8,reported-official,waterworks,2026-01-31,,",
            "easton-2020-02,easton,2020-02-29,142.8,reported-official,waterworks,2026-01-31,easton-2020-01,",
        )(str(cell(SUPERSEDES, "easton-2020-02")(text))),
        "supersedes itself",
    ),
    "a superseded row that is not there": (cell(SUPERSEDES, "easton-1999"), "no row of water/use has this id"),
    "a word of no list": (cell(STATUS, "certain"), "is not one of"),
    "a word in capitals": (cell(STATUS, "Estimate"), "is not one of"),
    # Signs
    "a formula": (cell(NOTE, '=HYPERLINK("https://example.org","click")'), "begins as a formula"),
    "a command": (cell(NOTE, "@SUM(1+1)*cmd|' /C calc'!A0"), "begins as a formula"),
    "a plus": (cell(NOTE, "+1+1"), "begins as a formula"),
    "a minus": (cell(NOTE, "-A1"), "begins as a formula"),
    "a tab before a formula": (cell(NOTE, "\t=1+1"), "invisible character"),
    "a formula after a space": (cell(NOTE, " =1+1"), "'=1+1' begins as a formula"),
    "a formula after a space that does not break": (cell(NOTE, "\u00a0=1+1"), "begins as a formula"),
    "a formula in full-width signs": (cell(NOTE, "＝1+1"), "begins as a formula"),
    "a plus in full-width signs": (cell(NOTE, "＋A1"), "begins as a formula"),
    "an at sign in full-width signs": (cell(NOTE, "＠SUM(1)"), "begins as a formula"),
    "a small equals sign": (cell(NOTE, "\ufe66 1+1"), "begins as a formula"),
    "a formula after a semicolon": (cell(NOTE, "see below;=1+1"), "'=1+1' begins as a formula"),
    "a formula after a semicolon and a quote": (cell(NOTE, 'see below; "=1+1"'), "begins as a formula"),
    "a formula after a full-width semicolon": (cell(NOTE, "see below；=1+1"), "begins as a formula"),
    "a command after a number": (cell(NOTE, "-2+3+cmd|' /C calc'!A0"), "begins as a formula"),
    "a command after a number and a space": (cell(NOTE, "-2 cmd|' /C calc'!A0"), "begins as a formula"),
    "a command after a number and a comma": (cell(NOTE, "+2,cmd|' /C calc'!A0"), "begins as a formula"),
    "a figure with its sign": (cell(NOTE, "-15% on a year earlier; +3.1% on a month (rounded)"), None),
    "a formula that is none": (cell(NOTE, "water = life; a + b - c"), None),
    "a NUL": (cell(NOTE, "a\x00b"), "invisible character U+0000"),
    "a bell": (cell(NOTE, "a\x07b"), "invisible character U+0007"),
    "an escape": (cell(NOTE, "\x1b[31mred"), "invisible character U+001B"),
    "a line in a cell": (cell(NOTE, "one\ntwo"), "invisible character"),
    "right to left": (cell(NOTE, "a\u202egnp.exe"), "invisible character U+202E"),
    "of no width": (cell(NOTE, "ze\u200bro"), "invisible character U+200B"),
    "a soft hyphen": (cell(NOTE, "hy\u00adphen"), "invisible character U+00AD"),
    "a mark in the middle": (cell(NOTE, "a\ufeffb"), "invisible character U+FEFF"),
    "a letter that was lost": (cell(NOTE, "caf\ufffd"), "invisible character U+FFFD"),
    "Hangul's filler": (cell(NOTE, "a\u3164b"), "invisible character U+3164"),
    "Braille's blank": (cell(NOTE, "\u2800"), "invisible character U+2800"),
    "a tag": (cell(NOTE, "a\U000e0041b"), "invisible character U+E0041"),
    "a variation selector": (cell(NOTE, "a\ufe0fb"), "invisible character U+FE0F"),
    "no character": (cell(NOTE, "a\uffffb"), "invisible character U+FFFF"),
    "no character of another plane": (cell(NOTE, "a\U0001fffeb"), "invisible character U+1FFFE"),
    "a private letter": (cell(NOTE, "a\ue000b"), "invisible character U+E000"),
    "a line's end of Unicode": (cell(NOTE, "a\u2028b"), "invisible character U+2028"),
    "a word of two alphabets": (cell(NOTE, "W\u0430ter"), "'W\u0430ter' mixes letters of two alphabets"),
    "a Greek letter in a word": (cell(NOTE, "wat\u0395r"), "mixes letters of two alphabets"),
    "a space at the end": (cell(NOTE, "one "), "'one ' begins or ends with a space"),
    "Russian and Greek": (cell(NOTE, "вода и ύδωρ, 5 μg/l, β-carotene"), None),
    "Arabic and Hebrew": (cell(NOTE, "ليثيوم ליתיום"), None),
    "a picture letter": (cell(NOTE, "water 💧"), None),
    "a letter of two signs": (cell(NOTE, "e\u0301"), None),
    "a huge cell": (cell(NOTE, "x" * 200_000), "longer than"),
    "quotes in quotes": (cell(NOTE, 'he said "no"'), None),
    "script": (cell(NOTE, "<script>alert(1)</script>"), None),
}
