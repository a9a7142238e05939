"""Reply lists that come as data: an array of objects with a title, a time of receipt and the time or state of the answer.

Reads plain values (JSON); gives Letters. Keys are those that platforms use, in English and in the initials of their Chinese names
(lxsj 来信时间). When a record was made counts as receipt only beside a time or state of the answer.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime

from monitor.clock import SHANGHAI
from monitor.model import Letter
from monitor.read.letterrows import Row, letters_of
from monitor.read.letterwords import moment_in, state_in
from monitor.read.links import Addresses
from monitor.read.records import ADDRESSES, MAX_ROWS, TITLES, address_in, day_of, plain_key, tables_in, title_of

_FAR = date(9000, 1, 1)
_NEAREST = 631_152_000  # 1990-01-01 in seconds since 1970: no letter is older


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_TITLES = (*_words("xjbt lybt xjzt lettertitle asktitle consulttitle question subject theme"), *TITLES)
_RECEIVED = _words(
    "writetime writedate lettertime letterdate submittime submitdate asktime askdate asktimestr consulttime consultdate questiontime "
    "receivetime receivedate receivedtime lxsj lysj xxsj tjsj zxsj tssj sqsj fqsj ldsj 来信时间 留言时间 提交时间 咨询时间 写信时间"
)
_MADE = _words("createtime createdate createdat createddate crtime addtime adddate inputtime cjsj posttime time date")
_ANSWERED = _words(
    "replytime replydate repliedtime repliedat answertime answerdate answeredtime finishtime finishdate feedbacktime dealtime hfsj dfsj bjsj "
    "hdsj fksj 回复时间 答复时间 办结时间"
)
_STATES = _words(
    "statusname statename statusstr statustext status state replystatus replystate answerstatus isreply isreplied isanswer isanswered "
    "sfhf sfdf clzt blzt hfzt xjzt zt 状态 办理状态"
)
_CLASSES = _words(
    "typename typestr lettertype lettertypename categoryname classname typetext lxmc xjlx lylx sqlx lx type category 类型 类别 信件类型"
)
_NUMBERS = _words(
    "letterno lettercode letternum serialno serialnum querycode ordercode orderno workno xjbh lybh sqbh bh lsh code 编号 信件编号"
)
_ASKING = frozenset({"isreply", "isreplied", "isanswer", "isanswered", "sfhf", "sfdf"})
_YES, _NO = frozenset({"1", "true", "y", "yes"}), frozenset({"0", "false", "n", "no"})


def letters_in(data: object, addresses: Addresses, today: date) -> tuple[Letter, ...]:
    """The letters of the longest such array anywhere in the data."""
    best: tuple[Letter, ...] = ()
    for _, rows in tables_in(data):
        if len(rows) > len(best) and len(found := _letters(rows[:MAX_ROWS], addresses, today)) > len(best):
            best = found
    return best


def _letters(rows: Sequence[Mapping[str, object]], addresses: Addresses, today: date) -> tuple[Letter, ...]:
    keys = {plain_key(key): key for row in rows[:50] for key in row}
    title = _key(keys, rows, _TITLES, lambda value: title_of(value) is not None)
    answered = _key(keys, rows, _ANSWERED, _is_time, least=1)
    state, asked = next(
        (
            (key, name)
            for name in _STATES
            if (key := keys.get(name)) and any(_state(row.get(key), name) is not None for row in rows)
        ),
        (None, ""),
    )
    received = _key(keys, rows, _RECEIVED, _is_time)
    if received is None and (answered or state):
        received = _key(keys, rows, _MADE, _is_time)
    if title is None or received is None:
        return ()
    kind = _key(keys, rows, _CLASSES, lambda value: isinstance(value, str) and not value.isdigit(), least=1)
    number = next((keys[name] for name in _NUMBERS if name in keys), None)
    address = _key(keys, rows, ADDRESSES, lambda value: address_in(value, addresses) is not None, least=1)
    found = []
    for data in rows:
        row = Row(title_of(data.get(title)) or "", address_in(data.get(address), addresses) if address else None)
        row.tell("received", "来信时间", _moment(data.get(received), today))
        if answered is not None:
            row.tell("answered", "回复时间", _moment(data.get(answered), today))
        told = _state(data.get(state), asked) if state else None
        if told is not None:
            row.tell("state", "状态", "已回复" if told else "待回复")
        if kind is not None:
            row.tell("class", "类型", _text(data.get(kind)))
        if number is not None:
            row.tell("number", "编号", _text(data.get(number)))
        found.append(row)
    return letters_of(found, today)


def _key(
    keys: Mapping[str, str],
    rows: Sequence[Mapping[str, object]],
    wanted: Sequence[str],
    fits: Callable[[object], bool],
    least: int = 0,
) -> str | None:
    """The first of the wanted keys that fits in half of the rows, or in `least` of them."""
    for name in wanted:
        key = keys.get(name)
        if key is None:
            continue
        good = sum(1 for row in rows if fits(row.get(key)))
        if (least and good >= least) or 2 * good >= max(1, len(rows)):
            return key
    return None


def _is_time(value: object) -> bool:
    return bool(_moment(value, _FAR)) or day_of(value, _FAR) is not None


def _moment(value: object, today: date) -> str:
    """Printed, or seconds or milliseconds since 1970; "" for anything else, and for what lies after `today`."""
    if isinstance(value, str) and (
        told := moment_in(value.replace(".0", "", 1) if value.endswith(".0") else value, today)
    ):
        return told
    day = day_of(value, today)
    if day is None:
        return ""
    seconds = _seconds(value)
    if seconds is None:
        return day
    at = datetime.fromtimestamp(seconds, UTC).astimezone(SHANGHAI)
    return f"{day}T{at:%H:%M}" if (at.hour or at.minute) and at.date().isoformat() == day else day


def _seconds(value: object) -> float | None:
    told = str(value).strip() if isinstance(value, int | float | str) and not isinstance(value, bool) else ""
    if not told.isdigit() or len(told) not in {10, 13}:
        return None
    seconds = int(told) / (1000 if len(told) == 13 else 1)
    return seconds if seconds >= _NEAREST else None


def _state(value: object, name: str) -> bool | None:
    """A word, or yes and no under a key that asks whether it is answered; other codes are each platform's own."""
    told = _text(value)
    if name in _ASKING and told.lower() in _YES | _NO:
        return told.lower() in _YES
    return state_in(told, "是否回复" if name in _ASKING else "")


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int | bool) else ""
