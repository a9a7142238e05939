"""What people said of pages and feeds: INDEX.jsonl beside the files it names, and which of its labels are shown to be wrong.

Reads any folder of that shape (the shared corpus, its held-back part); gives Records. A folder, line or file that cannot be
understood is BadCorpus with the place, never a record left out.
"""

import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from monitor.model import TargetKind
from monitor.read.dates import last_day
from tests.tree import ROOT

KINDS = {
    "list": TargetKind.COLUMN,
    "home": TargetKind.SITE,
    "article": TargetKind.PAGE,
    "odd": TargetKind.PAGE,
    "feed": TargetKind.ACCOUNT,
}
WRONG = Path(__file__).parent / "wrong_labels.toml"

ABSENT = "no labelled pages: set ZHISHOU_CORPUS or put them at ../shared/corpus"


class BadCorpus(ValueError):
    """A corpus that cannot be scored, with the place."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the index. `captured` is the last day the labeller allows for; `notes` is what else was seen."""

    file: str
    kind: str
    url: str | None
    encoding: str | None
    captured: date
    labels: Mapping[str, Any]
    notes: str


def corpus_folder() -> Path:
    """Where labelled pages are looked for when nobody names a folder."""
    return Path(os.environ.get("ZHISHOU_CORPUS") or ROOT.parent / "shared" / "corpus")


def read_index(folder: Path) -> list[Record]:
    """All records of a folder, in its order."""
    index = folder / "INDEX.jsonl"
    try:
        lines = index.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadCorpus(f"{index}: {error}") from error
    records = [_record(line, f"{index}:{number}") for number, line in enumerate(lines, 1) if line.strip()]
    if not records:
        raise BadCorpus(f"{index}: no records")
    return records


def _record(line: str, place: str) -> Record:
    try:
        said = json.loads(line)
        file, kind, labels = said["file"], said["kind"], said["labels"]
        captured = last_day(said["captured"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadCorpus(f"{place}: no record: {error!r}") from error
    if kind not in KINDS or captured is None or not isinstance(labels, dict) or not isinstance(file, str):
        raise BadCorpus(
            f"{place}: kind {kind!r} of {file!r}, captured {said['captured']!r}, labels {type(labels).__name__}"
        )
    return Record(file, kind, said.get("url"), said.get("encoding"), captured, labels, said.get("notes") or "")


def wrong_labels(path: Path = WRONG) -> dict[tuple[str, str], str]:
    """(file, what is asked) → the evidence that its label is wrong."""
    entries = tomllib.loads(path.read_text("utf-8"))["wrong"]
    return {(entry["file"], entry["asked"]): entry["evidence"] for entry in entries}
