"""What is done again and again, by the word that rules count it by (`done_every`), and what people call it.

Pure. A record counts under the word itself or any of its Chinese names; any other word is the town's own, and compared as it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.model.finding import Text, say


@dataclass(frozen=True, slots=True)
class Activity:
    """`name` is shown, as a value inside other sentences; `also` are the names a record may bear."""

    name: Text
    also: frozenset[str]


ACTIVITIES: Mapping[str, Activity] = {
    "self_check": Activity(say("self-check"), frozenset({"自查", "自检", "自查自纠"})),
    "drill": Activity(say("emergency drill"), frozenset({"应急演练", "演练"})),
    "meeting": Activity(say("meeting on the sites"), frozenset({"工作会议", "专题会议", "会议"})),
    "quarter_check": Activity(say("quarterly check"), frozenset({"季度检查", "季度抽查"})),
    "appraisal": Activity(say("yearly appraisal"), frozenset({"年度考评", "年度考核", "年度评估", "考评"})),
    "reading": Activity(say("reading of the sites"), frozenset({"读网", "每日读网", "读网巡检"})),
    "training": Activity(say("training"), frozenset({"培训"})),
    "security_check": Activity(say("security check"), frozenset({"安全检查", "安全检测"})),
    "password_change": Activity(
        say("change of passwords"), frozenset({"更换密码", "修改密码", "更换口令", "修改口令"})
    ),
}


def is_activity(recorded: str, wanted: str) -> bool:
    """Whether what was recorded is what a rule counts."""
    return _word(recorded) == _word(wanted)


def _word(said: str) -> str:
    """The word of ours under any of its names, as rules and records alike may write it; else what was said."""
    plain = said.strip()
    return _WORDS.get(plain, plain)


def name_of(wanted: str) -> str:
    """What it is called, to be put into a sentence."""
    known = ACTIVITIES.get(wanted.strip())
    return wanted.strip() if known is None else known.name.template


_WORDS = {name: word for word, known in ACTIVITIES.items() for name in known.also}
