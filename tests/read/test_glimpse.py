"""A glimpse tells an ordinary page by its title, and leaves to reading whatever could be something else."""

import pytest
from hypothesis import given, strategies as st

from monitor.read.glimpse import ENOUGH, PART, glimpse
from tests.checks import pages

TEXT = "协会组织会员单位参加培训与展览，提供行业信息和政策咨询服务。" * 60
HEAD = "<html><head><meta charset='{}'><title>{}</title></head><body>"


def page(title: str = "某某市纺织协会", body: str = f"<p>{TEXT}</p>", charset: str = "utf-8") -> bytes:
    return (HEAD.format(charset, title) + body + "</body></html>").encode(charset)


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "big5"])
@pytest.mark.parametrize("padding", ["", "<!-- " + "注" * PART + " -->"])
def test_an_ordinary_page_is_told_by_its_title(charset: str, padding: str) -> None:
    traditional = page("某市協會", f"<p>{'協會組織會員參加展覽。' * 200}</p>{padding}", charset)
    assert glimpse(traditional, None) == "某市協會"


@pytest.mark.parametrize(
    "body",
    [
        page("澳门新葡京官网-注册送彩金"),
        page("澳&#38376;新&#33889;京"),
        page("澳·门·新·葡·京"),
        page(""),
        page(body="<p>该域名正在出售</p>"),
        page(body=f"<script>var text = '{TEXT}';</script><!-- {TEXT} -->"),
        page(body=f"<script>var text = '{TEXT}'"),
        b"",
        pages.SOLD.encode(),
    ],
    ids=["spam", "coded", "dotted", "untitled", "small", "only code", "open script", "empty", "sold"],
)
def test_whatever_could_be_something_else_is_read(body: bytes) -> None:
    assert glimpse(body, None) is None


@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "gbk", "nonsense"]))
def test_it_bears_any_bytes(body: bytes, charset: str | None) -> None:
    title = glimpse(body, charset)
    assert title is None or title


def test_what_never_closes_costs_no_more() -> None:
    for piece in (b"<", b"<script>", b"<!--", b"<title>"):
        assert glimpse(piece * (PART // len(piece)), None) is None
    assert len(TEXT) > ENOUGH
