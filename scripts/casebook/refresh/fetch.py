"""Polite requests: who asks is said, pauses are kept, what is known is not sent again, and an answer is kept whole or not at all."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import requests
from jsonschema import Draft202012Validator
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential

from casebook.errors import Problem
from casebook.files import replace

TRIES = 5
SECONDS = 60
# A refresh that was broken off goes on from the answers that are younger than this.
YOUNG_SECONDS = 6 * 3600
BUSY = {429, 500, 502, 503, 504}
LONGEST_PAUSE = 120


@dataclass(frozen=True)
class Answer:
    """What a server said: the text, and the ISO day on which it said it."""

    address: str
    text: str
    day: str

    def json(self, shape: dict[str, Any]) -> Any:
        """The answer as JSON of this shape (a JSON schema). Raises Problem where it has another."""
        content = json.loads(self.text)
        if error := next(iter(Draft202012Validator(shape).iter_errors(content)), None):
            raise Problem(
                f"{self.address}: the answer has another shape than documented: {error.json_path}: {error.message[:200]}; nothing is proposed. Read the source's documentation, and fix its refresher."
            )
        return content


class _Again(Exception):
    """A fault that may pass; `after`: seconds the server asks us to wait."""

    def __init__(self, why: str, after: float = 0) -> None:
        super().__init__(why)
        self.after = after


class Fetcher:
    """Asks servers and keeps their answers under `kept`. `agent` names us; `pause` is the least number of seconds between two requests."""

    def __init__(self, kept: Path, agent: str, pause: float = 0.2, say: Callable[[str], None] = print) -> None:
        self.kept, self.pause, self.say = kept, pause, say
        self._session = requests.Session()
        self._session.headers["User-Agent"] = agent
        self._last = 0.0

    def get(self, address: str) -> Answer:
        """The answer to a GET. Raises Problem where there is none."""
        return self._ask("GET", address, None, "")

    def get_json(self, address: str) -> Answer:
        """The answer to a GET that must be JSON."""
        return self._ask("GET", address, None, "json")

    def post_json(self, address: str, question: dict[str, Any]) -> Answer:
        """The answer to a POST of JSON that only asks."""
        return self._ask("POST", address, question, "json")

    def _ask(self, method: str, address: str, question: dict[str, Any] | None, kind: str) -> Answer:
        asked = json.dumps([method, address, question], sort_keys=True)
        file = self.kept / f"{hashlib.sha256(asked.encode()).hexdigest()[:24]}.json"
        old = _load(file)
        if old and time.time() - file.stat().st_mtime < YOUNG_SECONDS:
            return Answer(address, old["text"], old["day"])
        headers = {name: old[key] for name, key in (("If-None-Match", "etag"), ("If-Modified-Since", "modified")) if old and old[key]}
        again = Retrying(stop=stop_after_attempt(TRIES), retry=retry_if_exception_type(_Again), wait=self._wait, sleep=time.sleep, reraise=True)
        try:
            got = again(self._once, method, address, question, headers, kind)
        except _Again as fault:
            raise Problem(f"{address}: {fault}, {TRIES} times; nothing is proposed. Try again later: what was answered so far is kept.") from None
        if got is None and old:
            file.touch()
            return Answer(address, old["text"], old["day"])
        if got is None:
            raise Problem(f"{address}: the server said that nothing changed, and there is nothing that could have; try again later.")
        moment = got.headers.get("Date")
        day = (parsedate_to_datetime(moment).date().isoformat()) if moment else time.strftime("%Y-%m-%d", time.gmtime())
        text = _text(got, address)
        new = {"asked": asked, "day": day, "etag": got.headers.get("ETag", ""), "modified": got.headers.get("Last-Modified", ""), "text": text}
        replace(file, json.dumps(new, ensure_ascii=False))
        return Answer(address, text, day)

    def _once(self, method: str, address: str, question: dict[str, Any] | None, headers: dict[str, str], kind: str) -> requests.Response | None:
        """One request; None where the server says that nothing changed."""
        time.sleep(max(0.0, self._last + self.pause - time.monotonic()))
        try:
            got = self._session.request(method, address, json=question, headers=headers, timeout=SECONDS)
        except requests.RequestException as error:
            raise _Again(f"no whole answer came ({type(error).__name__})") from None
        finally:
            self._last = time.monotonic()
        if got.status_code == 304 and headers:
            return None
        if got.status_code in BUSY:
            raise _Again(f"the server answered {got.status_code} {got.reason}", _seconds(got.headers.get("Retry-After", "")))
        if got.status_code == 403:
            raise Problem(f"{address}: the server refused us (403); say in data/refresh.yml, under contact, who asks and how to reach you.")
        if got.status_code != 200:
            raise Problem(
                f"{address}: the server answered {got.status_code} {got.reason}; nothing is proposed. Correct data/refresh.yml, or the refresher."
            )
        if kind == "json":
            try:
                got.json()
            except ValueError:
                raise _Again("the answer was cut, or is not JSON") from None
        return got

    def _wait(self, state: RetryCallState) -> float:
        fault = state.outcome.exception() if state.outcome else None
        seconds = max(wait_exponential(multiplier=self.pause, max=LONGEST_PAUSE)(state), fault.after if isinstance(fault, _Again) else 0)
        self.say(f"{fault}; trying again in {seconds:.0f} s")
        return seconds


def _text(got: requests.Response, address: str) -> str:
    """The text of an answer, in the encoding that the server names, else UTF-8. Raises Problem where it is in neither."""
    named = got.encoding if "charset" in got.headers.get("Content-Type", "").lower() else None
    encoding = "utf-8-sig" if named is None or named.lower() in ("utf-8", "utf8") else named
    try:
        return got.content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise Problem(f"{address}: the answer is not in {named or 'UTF-8, and names no other encoding'}; nothing is proposed.") from None


def _seconds(header: str) -> float:
    """Seconds of a Retry-After header, which may also be a date."""
    if header.isdigit():
        return min(float(header), LONGEST_PAUSE)
    try:
        return min(max(0.0, parsedate_to_datetime(header).timestamp() - time.time()), LONGEST_PAUSE)
    except (TypeError, ValueError):
        return 0.0


def _load(file: Path) -> dict[str, str] | None:
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
