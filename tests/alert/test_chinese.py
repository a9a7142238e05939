"""The Chinese of the catalogue is punctuated as Chinese is, and no English sentence is left in it."""

import re
from pathlib import Path

import pytest

import checks
from monitor.model import say
from monitor.render import catalogue, translate

HAN = r"[\u4e00-\u9fff《》“”、，。：；（）【】]"
WORDS = sorted(catalogue("zh-CN").values())
CHECKS = sorted(path.stem for path in Path(checks.__file__).parent.glob("[!_]*.py"))


@pytest.mark.parametrize("words", WORDS)
def test_between_chinese_letters_stands_chinese_punctuation(words: str) -> None:
    assert not re.search(rf"{HAN}[ ]?[(),:;?!]|[(),:;?!][ ]?{HAN}", words), words
    assert not re.search(r"[}] ?[(),;]|[(,;] ?[{]|[}]: ?|:[{]", words), words


@pytest.mark.parametrize("words", WORDS)
def test_no_english_sentence_is_left(words: str) -> None:
    plain = re.sub(r"\{\w+\}|zhishou \w+", "", words)
    assert not re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", plain), words


@pytest.mark.parametrize("words", [each for each in WORDS if re.search(r"[（(]", each)])
def test_brackets_come_in_pairs(words: str) -> None:
    assert words.count("（") == words.count("）")


@pytest.mark.parametrize("check", [*CHECKS, "visit"])
def test_every_check_is_called_by_a_chinese_name(check: str) -> None:
    told = translate(say("the check {check} works again", check=check), "zh-CN")
    assert re.search("“[\u4e00-\u9fff]{2,8}”", told), told
