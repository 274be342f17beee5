"""Where a source was read: in the original or in a copy, as far as its address can tell.

A host is its publisher's own where it bears the publisher's name; what no name tells, the table `methods/hosts` says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from casebook.data.findings import Finding
from casebook.data.record import Record, Row

HOSTS = "methods/hosts"
ARCHIVE = "archive"
# From the nearest to the farthest; whoever reads a copy may also have read no more than a report there.
NEARNESS = ("original", "copy", "relay")


def host_findings(record: Record) -> Iterator[Finding]:
    """Sources said to be read nearer to their publisher than their address allows, or not in the archive that it names."""
    if "read_at" not in record.fields("sources"):
        return
    hosts = {row["host"]: row for row in record.rows(HOSTS)} if HOSTS in record.tables else {}
    for number, row in record.numbered("sources"):
        host = urlsplit(row["url"]).hostname
        if host and row["read_at"] not in (allowed := _allowed(host, row["publisher"], hosts)):
            what = f"'{row['read_at']}', at {host}, of what {row['publisher']} published"
            remedy = f"write {' or '.join(allowed)}; or name the author as publisher, or the host in {HOSTS}"
            yield Finding("sources", number, "read_at", what, remedy)


def _allowed(host: str, publisher: str, hosts: Mapping[str, Row]) -> tuple[str, ...]:
    labels = host.split(".")
    known = next((hosts[name] for at in range(len(labels)) if (name := ".".join(labels[at:])) in hosts), None)
    nearest = "original" if bears(host, publisher) else "copy"
    # What is said of a publisher's own address holds for that publisher.
    if known and known["publisher"] in ("", _bare(publisher)):
        nearest = known["read_at"]
    return (ARCHIVE,) if nearest == ARCHIVE else NEARNESS[NEARNESS.index(nearest) :]


def bears(host: str, publisher: str) -> bool:
    """Whether a part of a host is the publisher's name, some of it, or beginnings of its words, as in latimes or nysun."""
    letters = unicodedata.normalize("NFKD", _bare(publisher)).encode("ascii", "ignore").decode().lower()
    words = re.findall("[a-z0-9]+", letters)
    name, spelt = "".join(words), re.compile("".join(map(_beginning, words)))
    labels = [re.sub("[^a-z0-9]", "", label) for label in host.split(".")[:-1]]
    return any(len(label) > 1 and (bool(spelt.fullmatch(label)) or label in name or name in label) for label in labels)


def _beginning(word: str) -> str:
    """A pattern of any beginning of a word, none of it too."""
    pattern = ""
    for letter in reversed(word):
        pattern = f"(?:{letter}{pattern})?"
    return pattern


def _bare(publisher: str) -> str:
    """A publisher without what brackets add: whom it cites, which of its papers it is."""
    return re.sub(r"\s*\(.*?\)", "", publisher)
