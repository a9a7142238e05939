"""The Chinese of the catalogue is punctuated as Chinese is, and no English sentence is left in it."""

import re

import pytest

from monitor.render import catalogue

HAN = r"[\u4e00-\u9fff《》“”、，。：；（）【】]"
WORDS = sorted(catalogue("zh-CN").values())


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
