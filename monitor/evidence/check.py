"""Checks a proof of Zhishou 值守 with plain Python 3.8 or newer: nothing else is needed, nothing is written, nothing is asked.

    python3 check.py PROOF.zip [--head HASH]

Recomputes the sha256 of every page, the version of every rule, the seals of the event log to its head, and what they seal. Exit 0
when everything holds, 1 when anything does not or is not there, 2 when the file cannot be read. What no seal covers it says. It knows
nothing of the program that wrote it.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
import sys
import zipfile
from typing import Any

FORMAT = "zhishou-proof/2"
PARTS = {
    "format", "made_at", "incident", "members", "same", "lines", "evidence", "unsealed", "rules", "snapshots", "bodies", "missing",
    "also", "declarations", "deliveries", "chain", "checksum",
}  # fmt: skip
MOST_DECISIONS = 40
"""Decisions that are printed."""
BEIJING = dt.timezone(dt.timedelta(hours=8))


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
    whole = proof["format"] == FORMAT and _is_only(proof) and sha256(canonical(rest)) == proof["checksum"]
    report.say(
        whole, "文件内容与其校验和一致，没有多余的内容", "the file is what its checksum says, and nothing besides"
    )
    number = proof["incident"]["id"]
    lines, hidden = _chain(proof["chain"], number, head, report)
    told = Told(number, lines)
    if hidden or told.marked:
        report.say(
            not hidden,
            "本事件的行被略去 " + str(hidden) + " 行",
            "lines of this incident that are left out: " + str(hidden),
        )
    kept = _evidence(proof, told, report)
    _rules(proof, kept, report)
    _pages(proof, told, kept, report)
    _incident(proof["incident"], told, report)
    _members(proof["members"], proof["incident"]["warned"], told, kept, report)
    _declarations(proof["declarations"], told, kept, lines, report)
    _deliveries(proof["deliveries"], number, lines, report)
    _decided(kept, report)
    _uncovered(proof, told, report)
    return report


def _chain(chain: dict[str, Any], number: int, head: str, report: Report) -> tuple[dict[int, Any], int]:
    """Every seal from the first line shown to the head: the lines that are shown in full, by number; how many of ours are not."""
    seal, at, seals = chain["before"], chain["after"], {chain["after"]: chain["before"]}
    lines: dict[int, Any] = {}
    holds, hidden = True, 0
    for entry in chain["entries"]:
        at += 1
        if isinstance(entry, str):
            seal = sha256(canonical([entry, seal]))
        elif isinstance(entry, list):  # another's line: its digest, and the incidents it is about
            digest, about = entry
            holds = holds and bool(about) and all(type(one) is int for one in about)
            hidden += number in about
            seal = sha256(canonical([digest, about, seal]))
        else:
            seal = _seal(at, entry, seal)
            holds = holds and seal == entry["hash"] and _has_form(entry)
            lines[at] = entry
        seals[at] = seal
    holds = holds and seal == chain["head"] and at == chain["lines"]
    report.say(
        holds,
        "事件日志：文件所列各行逐行封存，一直接到第 " + str(at) + " 行的链首 " + seal,
        "event log: the lines shown are sealed, line by line, up to head " + seal + " of line " + str(at),
    )
    if head:
        known = _bears(seals, head.strip().lower())
        report.say(known, "另行记下的链首在这条链上", "the head that was noted elsewhere is on this chain")
    else:
        report.note(
            "请把上面的链首与当时另行记下的（每日摘要或 zhishou verify 所示）核对，用 --head 可由本程序核对：整条链若被重写并重新封存，只有这样才看得出",
            "compare the head with one noted elsewhere (as every digest or zhishou verify tells it; --head does it for you):"
            " that a whole chain was written and sealed anew shows in no other way",
        )
    return lines, hidden


def _bears(seals: dict[int, str], head: str) -> bool:
    """Whether that is the seal of a line: whole, or its beginning with the line's number, as digests tell it."""
    number, _, told = head.rpartition(":")
    if not 16 <= len(told) <= 64:
        return False
    return any(seal.startswith(told) and number in ("", str(at)) for at, seal in seals.items())


def _seal(number: int, entry: dict[str, Any], before: str) -> str:
    """Of a line shown in full: 1 of the first programs, 2 over its digest, 3 with the incidents it is about."""
    row = [number, entry["at"], entry["who"], entry["what"], entry["body"]]
    if entry.get("form") == 1:
        return sha256(canonical([*row, before]))
    about = _about(entry) if entry.get("form") == 3 else []
    return sha256(canonical([sha256(canonical(row)), about, before] if about else [sha256(canonical(row)), before]))


def _has_form(entry: dict[str, Any]) -> bool:
    """Whether it says of itself what it is: numbers are in the seal of a 3 alone, and only a whole 1 can be another's."""
    form = entry["form"]
    return form in (1, 2, 3) and (form != 3 or bool(_about(entry))) and ("other" not in entry or form == 1)


def _is_other(line: dict[str, Any]) -> bool:
    """Of another matter, and whole only because the first programs' seals go over the whole line."""
    return line.get("form") == 1 and bool(line.get("other"))


def _about(entry: dict[str, Any]) -> list[int]:
    body, area = json.loads(entry["body"]), entry["what"].split(".")[0]
    told = body.get("incidents") if area == "delivery" else [body.get("incident")] if area == "incident" else []
    return sorted({one for one in told or [] if type(one) is int})


_TELLING = ("incident.joined", "incident.worsened", "incident.day")
_EASING = ("incident.eased", "incident.member_eased")
_ENDS = {
    "incident.recovered": ("recovered", "recovered_at"),
    "incident.unwatched": ("closed", "closed_at"),
    "incident.folded": ("closed", "closed_at"),
    "incident.closed": ("closed", "closed_at"),
    "incident.false_alarm": ("false_alarm", "closed_at"),
}
_GRAVE = ("veto", "serious", "breach", "remind")


class Told:
    """What an incident must be by its lines. `sealed`: (seal, target, at) of what decided it; `bare`: how many lines bear no seal."""

    def __init__(self, number: int, lines: dict[int, Any]) -> None:
        bodies = ((n, line, json.loads(line["body"])) for n, line in sorted(lines.items()))
        mine = [
            each for each in bodies if each[1]["what"].startswith("incident.") and each[2].get("incident") == number
        ]
        self.whole = bool(mine) and [each[1]["what"] for each in mine].count("incident.opened") == 1
        self.whole = self.whole and mine[0][1]["what"] == "incident.opened"
        self.marked = (
            self.whole and mine[0][1].get("form") == 3
        )  # by a program whose lines nobody can pass off as another's
        self.incident: dict[str, Any] = dict.fromkeys(
            ("acknowledged_at", "acknowledged_by", "recovered_at", "closed_at")
        )
        self.incident.update(id=number, state="open", rules=[], warned=0)
        self.members: dict[str, dict[str, Any]] = {}
        self.present: dict[str, str] = {}  # who is in it, and what each weighs
        self.sealed: list[tuple[str, str, int]] = []
        self.bare = 0
        self.shown: list[tuple[str, dict[str, Any]]] = []  # what a target showed as it left
        self.filed = {body["declaration"] for _, _, body in mine if isinstance(body.get("declaration"), int)}
        self.eased: set[str] = set()  # whose words were changed by what was filed
        for _, line, body in mine:
            self._take(line, body)

    def _take(self, line: dict[str, Any], body: dict[str, Any]) -> None:
        what, target = line["what"], body.get("target")
        if what == "incident.opened":
            self.incident.update({name: body[name] for name in ("cause", "key", "severity")})
            self.incident.update(opened_at=line["at"], warned=body.get("warned"))
        elif what == "incident.acknowledged":
            self.incident.update(state="acknowledged", acknowledged_by=line["who"], acknowledged_at=line["at"])
        elif what in _TELLING or what in _EASING:
            self._weigh(line, body)
        elif what == "incident.judged_again":  # over already: by what was filed or taken back since
            self.incident["severity"] = body["severity"][1]
            if target in self.members:
                self.members[target]["severity"] = body["member"][1] or _GRAVE[-1]
        elif what == "incident.left":
            self._leave(target, line["at"])
            if body.get("shown"):
                self.shown.append((body["target"], body["shown"]))
        elif what in _ENDS:
            state, when = _ENDS[what]
            self.incident.update({"state": state, when: line["at"]})
            for each in list(self.present):
                self._leave(each, line["at"])

    def _leave(self, target: Any, at: int) -> None:
        self.present.pop(target, None)
        member = self.members.get(target)
        if member is not None and member["left_at"] is None:
            member["left_at"] = at

    def _weigh(self, line: dict[str, Any], body: dict[str, Any]) -> None:
        target, telling = body["target"], line["what"] in _TELLING
        self.present[target] = body["severity"]
        among = [self.incident["severity"], body["severity"]] if telling else list(self.present.values())
        self.incident["severity"] = min(among, key=_GRAVE.index)
        self.incident["rules"] = sorted({*self.incident["rules"], *body["rules"]})
        known = self.incident["warned"] is not None and "warned" in body
        self.incident["warned"] = max(self.incident["warned"], body["warned"]) if known else None
        member = self.members.setdefault(target, {"joined_at": line["at"]})
        member.update(left_at=None, severity=body["severity"], rules=body["rules"])
        if not telling:
            self.eased.add(target)
        elif "evidence" in body:
            self.eased.discard(target)
            self.sealed.append((body["evidence"], target, line["at"]))
        else:
            self.eased.add(target)
            self.bare += line["what"] != "incident.day"  # of these the first programs kept none


def _evidence(proof: dict[str, Any], told: Told, report: Report) -> list[tuple[str, int, dict[str, Any]]]:
    """(target, at, body) of what is sealed."""
    found = [(sha256(row["body"]), row["target"], row["at"]) for row in proof["evidence"]]
    bare = proof["unsealed"]
    report.say(
        type(bare) is int and bare == told.bare and found[bare:] == told.sealed,
        "判定依据 " + str(len(told.sealed)) + " 份，与事件日志所封存的一致",
        str(len(told.sealed)) + " records of what decided it are as the event log seals them",
    )
    if told.bare:
        report.note(
            str(told.bare) + " 份判定依据出自旧版程序，未经日志封存",
            str(told.bare) + " records are of an earlier program and are not sealed",
        )
    rows = [(row["target"], row["at"], json.loads(row["body"])) for row in proof["evidence"][told.bare :]]
    return [row for row in rows if row[2].get("form") == 2]  # earlier ones cannot be judged again


def _rules(proof: dict[str, Any], kept: list[Any], report: Report) -> None:
    named: set[Any] = set()
    holds = True
    for rule in proof["rules"]:
        told = json.loads(rule["text"])
        named.add((rule["key"], rule["version"]))
        said = json.dumps(dict(told, version=""), sort_keys=True, ensure_ascii=False)
        same = told["version"] == rule["version"] and told["pack"] + "/" + told["id"] == rule["key"]
        holds = holds and same and sha256(said)[:12] == rule["version"]
    cited = {tuple(one) for _, _, body in kept for one in body.get("rules", ())}
    report.say(
        holds and cited == named and len(named) == len(proof["rules"]),
        "规则 " + str(len(named)) + " 条，条文与判定时所记版本一致，无缺无余",
        str(len(named)) + " rules are those of the versions it was judged by, none missing, none besides",
    )


_PLACES = {
    "evidence": {"target", "at", "body"},
    "rules": {"key", "version", "text"},
    "snapshots": {"target", "at", "url", "status", "head", "body"},
    "members": {"target", "joined_at", "left_at", "membership"},
    "membership": {"cause", "key", "severity", "rules", "since", "why", "warned", "incident"},
    "deliveries": {
        "notice", "kind", "severity", "created_at", "delivery", "recipient", "channel", "state", "attempt", "maybe",
        "finished_at", "receipt",
    },
    "entries": {"at", "who", "what", "body", "hash", "form", "other"},
    "chain": {"after", "before", "entries", "head", "lines"},
    "also": {"snapshots", "bodies", "left_out"},
}  # fmt: skip


def _is_only(proof: dict[str, Any]) -> bool:
    """Whether nothing stands in it that nobody looks at."""
    rows = [(name, row) for name in ("evidence", "rules", "snapshots", "members", "deliveries") for row in proof[name]]
    rows += [("membership", one["membership"]) for one in proof["members"]]
    rows += [("entries", one) for one in proof["chain"]["entries"] if isinstance(one, dict)]
    rows += [("snapshots", one) for one in proof["also"]["snapshots"]]
    rows += [("chain", proof["chain"]), ("also", proof["also"])]
    return (
        set(proof) == PARTS
        and set(proof["lines"]) <= {"zh-CN", "en"}
        and all(set(row) <= _PLACES[name] for name, row in rows)
    )


def _is_named(name: str, packed: str) -> bool:
    """Whether a page hashes to its name."""
    try:
        return sha256(base64.b64decode(packed, validate=True)) == name
    except (binascii.Error, ValueError):
        return False


def _pages(proof: dict[str, Any], told: Told, kept: list[Any], report: Report) -> None:
    """The pages that what is sealed names, those and no others; and what else the file holds, which nothing seals."""
    sealed = [(target, body["shown"]) for target, _, body in kept if body.get("shown")] + told.shown
    wanted = {(t, one["at"], one["url"], one.get("status"), one["body"], one["head"]) for t, one in sealed}
    found = {
        (one["target"], one["at"], one["url"], one["status"], one["body"], sha256(one["head"]))
        for one in proof["snapshots"]
    }
    holds = all(_is_named(name, packed) for name, packed in proof["bodies"].items())
    report.say(
        holds and found == wanted and len(found) == len(proof["snapshots"]),
        "判定依据与离开时所记的页面 " + str(len(wanted)) + " 次，网址、时间、状态、响应头与日志所封存的一致",
        str(len(wanted)) + " pages that the records name: address, time, status and head are as sealed",
    )
    lost = len({one[4] for one in wanted} - set(proof["bodies"]))
    report.say(
        not lost and len(proof["bodies"]) == len({one[4] for one in wanted}),
        "页面内容 "
        + str(len(proof["bodies"]))
        + " 份，与其哈希一致"
        + ("；缺 " + str(lost) + " 份" if lost else "，一份不缺"),
        str(len(proof["bodies"])) + " stored pages hash to their names; missing: " + str(lost),
    )
    also = proof["also"]
    report.say(
        all(_is_named(name, packed) for name, packed in also["bodies"].items()),
        "另附页面的内容与其哈希一致",
        "further pages hash to their names",
    )
    if also["snapshots"]:
        n = str(len(also["snapshots"]))
        report.note(
            "另附页面 " + n + " 次（also），判定依据没有提到，日志没有封存，不作证明",
            n + " further pages (also) are named by no record and sealed by nothing: they prove nothing",
        )


def _incident(shown: dict[str, Any], told: Told, report: Report) -> None:
    wanted = dict(told.incident, warned=shown["warned"] if told.incident["warned"] is None else told.incident["warned"])
    report.say(
        told.whole and shown == wanted,
        "事件 #" + str(shown["id"]) + " 的原因、起止与认领时间、认领人、状态、等级、规则与日志一致",
        "incident #"
        + str(shown["id"])
        + ": cause, every time, who took it, state, severity and rules are as the log says",
    )


def _members(shown: list[Any], warned: int, told: Told, kept: list[Any], report: Report) -> None:
    """Who was in it, from when to when, how gravely, by which rules; and in the words of what decided it last."""
    words = {target: (body.get("joined") or body["decided"]["membership"])["why"] for target, _, body in kept}
    wanted, found = [], []
    for target, part in told.members.items():
        wanted.append(
            [target, dict(part, warned=warned), told.incident["cause"], told.incident["key"], told.incident["id"]]
        )
    for one in shown:
        its = one["membership"]
        part = {
            "joined_at": one["joined_at"],
            "left_at": one["left_at"],
            "severity": its["severity"],
            "rules": its.get("rules", []),
            "warned": its.get("warned", 0),
        }
        found.append([one["target"], part, its["cause"], its["key"], its["incident"]])
    same = sorted(map(canonical, wanted)) == sorted(map(canonical, found))
    for one in shown:
        if one["target"] in words and one["target"] not in told.eased:
            same = same and one["membership"]["why"] == words[one["target"]]
    report.say(
        same,
        "涉及对象 " + str(len(shown)) + " 个，加入与离开时间、等级、规则、缘由与日志和判定依据一致",
        str(len(shown))
        + " targets: when each joined and left, severity, rules and reason are as the log and the records say",
    )


def _declarations(shown: list[Any], told: Told, kept: list[Any], lines: dict[int, Any], report: Report) -> None:
    bodies = [(line, json.loads(line["body"])) for _, line in sorted(lines.items()) if not _is_other(line)]
    filed = {body["declaration"]: (line, body) for line, body in bodies if line["what"] == "declaration.filed"}
    over = {body["corrects"]: line["at"] for line, body in filed.values() if body["corrects"] is not None}
    over.update((body["declaration"], line["at"]) for line, body in bodies if line["what"] == "declaration.withdrawn")
    named = set(told.filed)
    for _, _, body in kept:
        named.update(one["id"] for one in body["basis"].get("facts", {}).get("declarations", ()))
        cited = (one.get("inputs", {}).get("declaration") for one in (body.get("decided") or {}).get("standings", ()))
        named.update(one for one in cited if isinstance(one, int))
    wanted = []
    for number, (line, body) in filed.items():
        names = ("kind", "target", "start", "end", "number", "fields", "attachments", "corrects")
        one = {name: body[name] for name in names}
        wanted.append(dict(one, id=number, by=line["who"], filed_at=line["at"], superseded_at=over.get(number)))
    report.say(
        sorted(map(canonical, wanted)) == sorted(map(canonical, shown)) and named <= set(filed),
        "报备登记 " + str(len(shown)) + " 件，逐项与日志一致；判定依据提到的一件不缺",
        str(len(shown)) + " declarations are as the log says in every part; none that the records name is missing",
    )


def _deliveries(shown: list[Any], number: int, lines: dict[int, Any], report: Report) -> None:
    """How each ended, to whom, over what, and which notices it told; of the first programs' only how and when it ended."""
    holds, older, ended = True, 0, set()
    for _, line in sorted(lines.items()):
        area, _, state = line["what"].partition(".")
        if area != "delivery" or _is_other(line):
            continue
        body = json.loads(line["body"])
        rows = [one for one in shown if one["delivery"] == body["delivery"]]
        ended.add(body["delivery"])
        end = {"state": state, "finished_at": line["at"], "receipt": body.get("note", "") if state == "sent" else ""}
        if "told" in body:
            end.update({name: body[name] for name in ("recipient", "channel", "attempt", "maybe")})
            told = sorted([one["notice"], one["kind"], one["severity"], one["created_at"]] for one in rows)
            holds = holds and dict(body["told"]).get(number) == (sha256(canonical(told)) if rows else None)
        older += "told" not in body
        holds = holds and bool(rows or "told" in body)
        holds = holds and all(one[name] == value for one in rows for name, value in end.items())
    waiting = [one for one in shown if one["delivery"] not in ended]
    report.say(
        holds and all(one["state"] in ("waiting", "pending", "sending") for one in waiting),
        "通知投递 " + str(len(ended)) + " 次的结果、时间、对象、渠道和所含通知与日志一致",
        "how "
        + str(len(ended))
        + " deliveries ended, when, to whom, over what and with which notices is as the log says",
    )
    if older:
        report.note(
            "其中 " + str(older) + " 次出自旧版程序，日志只封存了结果、时间和回执，其余不作证明",
            str(older)
            + " of them are of an earlier program, which sealed only how and when they ended: the rest is NOT proven",
        )
    if waiting:
        report.note(
            str(len(waiting)) + " 条通知尚未发完，日志里还没有，不作证明",
            str(len(waiting)) + " notices are still on their way: the log has nothing of them yet",
        )


def _decided(kept: list[Any], report: Report) -> None:
    """What was decided, out of the records themselves."""
    for target, at, body in kept[:MOST_DECISIONS]:
        one = body.get("joined") or body["decided"]["membership"]
        when = dt.datetime.fromtimestamp(at / 1000, BEIJING).strftime("%Y-%m-%d %H:%M:%S")
        said = ", ".join([target, one["cause"], one["severity"], *one.get("rules", ()), one["why"]["template"]])
        report.note(
            "封存的判定（北京时间 " + when + "）：" + said, "as sealed: " + canonical(one["why"].get("values", {}))
        )
    if len(kept) > MOST_DECISIONS:
        n = str(len(kept) - MOST_DECISIONS)
        report.note("另有封存的判定 " + n + " 份，见 evidence", n + " more are in evidence")


def _uncovered(proof: dict[str, Any], told: Told, report: Report) -> None:
    """What the file says and no seal covers."""
    same = {True: "相同 / the same", False: "不同 / NOT the same"}.get(proof["same"], "未能重判 / not judged again")
    report.note(
        "不作证明：逐日说明的文字（lines）和“重新判定结果"
        + same
        + "”（same）是出具方的解释，日志没有封存；以上列封存的判定为准",
        "NOT proven: the words of the explanation (lines) and the result of judging again (same) are the issuer's, and not sealed",
    )
    left = str(proof["also"]["left_out"])
    report.note(
        "另附页面（also）是否齐全、未附上的份数（" + left + "）是出具方所称，不作证明",
        "NOT proven: whether the further pages (also) are all, and how many were left out ("
        + left
        + "): the issuer's words",
    )
    report.note(
        "不作证明：文件制作时间、各对象的问题起始时间（since）；与本事件有关而判定依据和日志都没有提到的报备是否齐全",
        "NOT proven: when the file was made, since when each target had the trouble, whether declarations that no record names are complete",
    )
    if not told.marked:
        report.note(
            "不作证明：本事件始于旧版程序，当时的封存看不出是否有行被略去",
            "NOT proven: an earlier program opened this incident; its seals do not show whether lines were left out",
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
        if not head.strip():  # of a script whose variable is not set: without a head much less is checked
            print('--head 后没有链首 / --head "" is no head')
            return 2
    path = arguments[1] if len(arguments) > 1 else arguments[0]
    try:
        proof = read(path)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, zipfile.LargeZipFile) as error:
        print("读不出来 / cannot be read: " + path + ": " + str(error))
        return 2
    if (
        isinstance(proof, dict)
        and proof.get("format") != FORMAT
        and str(proof.get("format")).startswith("zhishou-proof/")
    ):
        print(
            "此文件为另一版格式，请用其自带的核对程序 / another format: use the checker that came with the file: "
            + path
        )
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
