"""Checks a proof of Zhishou 值守 with plain Python 3.8 or newer: nothing else is needed, nothing is written, nothing is asked.

    python3 check.py PROOF.zip [--head HASH]

Recomputes the sha256 of every page, the version of every rule, the seals of the event log to its head, and what they seal. Exit 0
when everything holds, 1 when anything does not, 2 when the file cannot be read. It knows nothing of the program that wrote it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import sys
import zipfile
from typing import Any

FORMAT = "zhishou-proof/1"


class Report:
    """What holds and what does not, each in Chinese and English."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, str]] = []
        self.wrong = 0

    def say(self, holds: bool, zh: str, en: str) -> None:
        """One thing that was checked."""
        self.lines.append(("✓" if holds else "✗", zh, en))
        self.wrong += not holds

    def note(self, zh: str, en: str) -> None:
        """Something a reader should know; it proves nothing."""
        self.lines.append(("·", zh, en))


def sha256(data: bytes | str) -> str:
    """Hex digits; texts as UTF-8."""
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode("utf-8")).hexdigest()


def canonical(value: object) -> str:
    """As it was hashed: sorted keys, no blanks, UTF-8."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def check(proof: dict[str, Any], head: str = "") -> Report:
    """A report on a proof that was read. Raises KeyError, TypeError or ValueError when its parts are not what they must be."""
    report = Report()
    rest = {name: value for name, value in proof.items() if name != "checksum"}
    whole = proof["format"] == FORMAT and sha256(canonical(rest)) == proof["checksum"]
    report.say(whole, "文件内容与其校验和一致", "the file is what its checksum says")
    lines = _chain(proof["chain"], head, report)
    _evidence(proof, lines, report)
    _rules(proof, report)
    _pages(proof, report)
    _incident(proof["incident"], lines, report)
    _declarations(proof["declarations"], lines, report)
    _deliveries(proof["deliveries"], lines, report)
    return report


def _chain(chain: dict[str, Any], head: str, report: Report) -> dict[int, Any]:
    """Every seal from the first line shown to the head; returns the lines that are shown in full, by number."""
    seal, number, seals = chain["before"], chain["after"], {chain["before"]}
    lines: dict[int, Any] = {}
    holds = True
    for entry in chain["entries"]:
        number += 1
        if isinstance(entry, str):
            seal = sha256(canonical([entry, seal]))
        else:
            row = [number, entry["at"], entry["who"], entry["what"], entry["body"]]
            old = entry.get("form") == 1
            seal = sha256(canonical([*row, seal])) if old else sha256(canonical([sha256(canonical(row)), seal]))
            holds = holds and seal == entry["hash"]
            if not entry.get("other"):  # carried whole only because an earlier program sealed it so
                lines[number] = entry
        seals.add(seal)
    holds = holds and seal == chain["head"] and number == chain["lines"]
    shown = str(len(lines))
    report.say(
        holds,
        "事件日志：本事件的 " + shown + " 行逐行封存，一直接到第 " + str(number) + " 行的链首 " + seal,
        "event log: the "
        + shown
        + " lines shown are sealed, line by line, up to head "
        + seal
        + " of line "
        + str(number),
    )
    if head:
        known = head.strip().lower() in seals
        report.say(known, "另行记下的链首在这条链上", "the head that was noted elsewhere is on this chain")
    else:
        report.note(
            "请把上面的链首与当时另行记下的（zhishou verify 所示）核对；用 --head 可由本程序核对",
            "compare the head with one noted elsewhere (as zhishou verify prints it); --head does it for you",
        )
    return lines


def _bodies_of(lines: dict[int, Any], *names: str) -> list[tuple[int, Any, Any]]:
    """(number, line, its body) of the lines of these names, in order."""
    return [(n, one, json.loads(one["body"])) for n, one in sorted(lines.items()) if one["what"] in names]


def _evidence(proof: dict[str, Any], lines: dict[int, Any], report: Report) -> None:
    sealed = [body["evidence"] for _, _, body in _bodies_of(lines, *_TELLING) if "evidence" in body]
    found = [sha256(row["body"]) for row in proof["evidence"]]
    bare = proof["unsealed"]
    holds = found[bare:] == sealed and 0 <= bare <= len(found)
    report.say(
        holds,
        "判定依据 " + str(len(sealed)) + " 份，与事件日志所封存的一致",
        str(len(sealed)) + " records of what decided it are as the event log seals them",
    )
    if bare:
        report.note(
            str(bare) + " 份判定依据出自旧版程序，未经日志封存",
            str(bare) + " records are of an earlier program and are not sealed",
        )


def _rules(proof: dict[str, Any], report: Report) -> None:
    texts: dict[Any, Any] = {}
    holds = True
    for rule in proof["rules"]:
        told = json.loads(rule["text"])
        texts[(rule["key"], rule["version"])] = told
        said = json.dumps(dict(told, version=""), sort_keys=True, ensure_ascii=False)
        named = told["version"] == rule["version"] and told["pack"] + "/" + told["id"] == rule["key"]
        holds = holds and named and sha256(said)[:12] == rule["version"]
    for row in proof["evidence"]:
        cited = json.loads(row["body"]).get("rules")  # earlier programs kept them in another form
        holds = holds and (not isinstance(cited, list) or all(tuple(one) in texts for one in cited))
    report.say(
        holds,
        "规则 " + str(len(texts)) + " 条，条文与判定时所记版本一致",
        str(len(texts)) + " rules are those of the versions it was judged by",
    )


def _pages(proof: dict[str, Any], report: Report) -> None:
    holds, missing = True, set(proof["missing"])
    for name, packed in proof["bodies"].items():
        try:
            holds = holds and sha256(base64.b64decode(packed, validate=True)) == name
        except (binascii.Error, ValueError):
            holds = False
    heads: dict[Any, Any] = {}
    for one in proof["snapshots"]:
        holds = holds and (one["body"] in proof["bodies"]) != (one["body"] in missing)
        heads.setdefault((one["at"], one["body"]), set()).add((sha256(one["head"]), one["url"], one.get("status")))
    for row in proof["evidence"]:
        shown = json.loads(row["body"]).get("shown")
        there = heads.get((shown["at"], shown["body"])) if shown else None
        if there is not None:
            holds = holds and (shown["head"], shown["url"], shown.get("status")) in there
        elif shown:
            missing.add(shown["body"])
    report.say(
        holds,
        "留存的页面 " + str(len(proof["bodies"])) + " 份，内容与其哈希一致，响应头与判定依据一致",
        str(len(proof["bodies"])) + " stored pages hash to their names, their heads are those of the records",
    )
    if missing or proof["left_out"]:
        n = len(missing) + proof["left_out"]
        report.note("另有 " + str(n) + " 份页面未附上", str(n) + " more pages are not in this file")


_TELLING = ("incident.joined", "incident.worsened", "incident.day")
_STATES = {
    "incident.acknowledged": "acknowledged",
    "incident.recovered": "recovered",
    "incident.unwatched": "closed",
    "incident.folded": "closed",
    "incident.closed": "closed",
    "incident.false_alarm": "false_alarm",
}
_GRAVE = ("veto", "serious", "breach", "remind")


def _incident(told: dict[str, Any], lines: dict[int, Any], report: Report) -> None:
    number = told["id"]
    mine = {n: one for n, one in lines.items() if json.loads(one["body"]).get("incident") == number}
    opened = _bodies_of(mine, "incident.opened")
    cited: set[str] = set()
    weights: dict[str, str] = {}  # of those in it
    state, severity = "open", opened[0][2]["severity"] if opened else ""
    for line in (one for _, one in sorted(mine.items())):
        body = json.loads(line["body"])
        state = _STATES.get(line["what"], state)
        if line["what"] in (*_TELLING, "incident.eased", "incident.member_eased"):
            weights[body["target"]] = body["severity"]
            cited.update(body["rules"])
            among = [severity, body["severity"]] if line["what"] in _TELLING else list(weights.values())
            severity = min(among, key=_GRAVE.index)
        elif line["what"] == "incident.judged_again":  # over already: by what was filed or taken back since
            severity = body["severity"][1]
        elif line["what"] == "incident.left":
            weights.pop(body["target"], None)
    holds = (
        len(opened) == 1
        and opened[0][1]["at"] == told["opened_at"]
        and (opened[0][2]["cause"], opened[0][2]["key"]) == (told["cause"], told["key"])
        and state == told["state"]
        and severity == told["severity"]
        and sorted(cited) == sorted(told["rules"])
    )
    report.say(
        holds,
        "事件 #" + str(number) + " 的原因、时间、状态、等级、规则与日志一致",
        "incident #" + str(number) + ": cause, time, state, severity and rules are as the log says",
    )


def _declarations(told: list[Any], lines: dict[int, Any], report: Report) -> None:
    filed = {body["declaration"]: (line, body) for _, line, body in _bodies_of(lines, "declaration.filed")}
    over = {body["corrects"] for _, body in filed.values() if body["corrects"] is not None}
    over.update(body["declaration"] for _, _, body in _bodies_of(lines, "declaration.withdrawn"))
    holds = True
    for one in told:
        line, body = filed.get(one["id"], (None, {}))
        names = ("kind", "target", "start", "end", "number", "fields", "attachments", "corrects")
        holds = holds and line is not None and line["who"] == one["by"]
        holds = holds and all(body.get(name) == one[name] for name in names)
        holds = holds and (one["id"] in over) == (one["superseded_at"] is not None)
    report.say(
        holds,
        "报备登记 " + str(len(told)) + " 件及其附件哈希与日志一致",
        str(len(told)) + " declarations, and the hashes of their attachments, are as the log says",
    )


def _deliveries(told: list[Any], lines: dict[int, Any], report: Report) -> None:
    ends = {}
    for _, line, body in _bodies_of(lines, "delivery.sent", "delivery.dead", "delivery.superseded"):
        ends[body["delivery"]] = line["what"].split(".")[1]
    over = {one["delivery"]: one["state"] for one in told if one["state"] in ("sent", "dead", "superseded")}
    report.say(
        ends == over,
        "通知投递 " + str(len(over)) + " 次的结果与日志一致",
        "how " + str(len(over)) + " deliveries ended is as the log says",
    )


def read(path: str) -> Any:
    """The proof in a zip or JSON file. Raises OSError, ValueError or zipfile.BadZipFile."""
    if not zipfile.is_zipfile(path):
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    with zipfile.ZipFile(path) as packed:
        return json.loads(packed.read("proof.json").decode("utf-8"))


def main(arguments: list[str]) -> int:
    """Check the file that is named, or the one this program runs in."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    head = ""
    if "--head" in arguments[:-1]:
        place = arguments.index("--head")
        head = arguments[place + 1]
        arguments = arguments[:place] + arguments[place + 2 :]
    path = arguments[1] if len(arguments) > 1 else arguments[0]
    try:
        proof = read(path)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, zipfile.LargeZipFile) as error:
        print("读不出来 / cannot be read: " + path + ": " + str(error))
        return 2
    try:
        report = check(proof, head)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        print("✗ 内容不完整或被改动 / parts are missing or were changed: " + repr(error))
        return 1
    for mark, zh, en in report.lines:
        print(mark + " " + zh + "\n  " + en)
    print(
        "全部成立 / everything holds" if not report.wrong else "有 " + str(report.wrong) + " 项不成立 / does NOT hold"
    )
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
