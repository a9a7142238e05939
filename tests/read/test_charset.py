"""Encodings: declared, wrongly declared, not declared, broken."""

import pytest
import webencodings  # type: ignore[import-untyped]
from hypothesis import assume, given, strategies as st

from monitor.read.charset import decode, whatwg_name

TEXT = "某某市人民政府关于印发优化营商环境行动方案的通知，各县（市、区）人民政府："
HAN = st.text(
    st.sampled_from(
        "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    ),
    min_size=8,
    max_size=80,
)


def page(text: str, charset: str | None, codec: str) -> bytes:
    meta = f"<meta charset='{charset}'>" if charset else ""
    return f"<html><head>{meta}</head><body>{text}</body></html>".encode(codec)


@pytest.mark.parametrize(
    ("declared", "header", "codec", "encoding", "why"),
    [
        ("utf-8", None, "utf-8", "utf-8", "meta"),
        ("gb2312", None, "gb18030", "gb18030", "meta"),
        ("gbk", "utf-8", "gb18030", "gb18030", "meta"),
        (None, "gbk", "gb18030", "gb18030", "http"),
        ("gb2312", None, "utf-8", "utf-8", "bytes"),
        ("utf-8", None, "gb18030", "gb18030", "bytes"),
        (None, None, "utf-8", "utf-8", "bytes"),
        (None, None, "gb18030", "gb18030", "bytes"),
        ("big5", None, "big5", "big5", "meta"),
        (None, None, "big5", "big5", "bytes"),
        ("utf-8", None, "big5", "big5", "bytes"),
        (None, "iso-8859-1", "utf-8", "utf-8", "bytes"),
        (None, "iso-8859-1", "gb18030", "gb18030", "bytes"),
        ("nonsense", None, "utf-8", "utf-8", "bytes"),
        ("utf-16", None, "utf-8", "utf-8", "meta"),
    ],
)
def test_declared_and_real(declared: str | None, header: str | None, codec: str, encoding: str, why: str) -> None:
    text = TEXT.replace("优化营商环境", "優化營商環境").replace("关于印发", "關於印發") if codec == "big5" else TEXT
    text = text if codec != "big5" else "某某市人民政府關於印發行動方案的通知"
    decoded = decode(page(text, declared, codec), header)
    assert (decoded.encoding, decoded.why) == (encoding, why)
    assert text in decoded.text


@given(HAN)
def test_undeclared_gbk_is_not_taken_for_big5(text: str) -> None:
    assert decode(page(text, None, "gb18030")).encoding != "big5"


def test_undeclared_traditional_text_in_gbk_stays_so() -> None:
    text = "關於印發優化營商環境行動方案的通知，臺灣同胞來廈辦理居住證須知"
    assert decode(page(text, None, "gbk")).text == page(text, None, "utf-8").decode()


@pytest.mark.parametrize(
    ("codec", "mark", "encoding"),
    [
        ("utf-8", b"\xef\xbb\xbf", "utf-8"),
        ("utf-16-le", b"\xff\xfe", "utf-16le"),
        ("utf-16-be", b"\xfe\xff", "utf-16be"),
        ("utf-32-le", b"\xff\xfe\x00\x00", "utf-32"),
        ("utf-16-le", b"", "utf-16le"),
        ("utf-16-be", b"", "utf-16be"),
    ],
)
def test_marks_and_wide_characters(codec: str, mark: bytes, encoding: str) -> None:
    decoded = decode(mark + page(TEXT, None, codec), "gbk")
    assert decoded.encoding == encoding
    assert decoded.text.startswith("<html>")


def test_it_says_when_a_page_says_one_thing_and_is_another() -> None:
    assert decode(page(TEXT, "gb2312", "utf-8")).contradicts
    assert not decode(page(TEXT, "gb2312", "gb18030")).contradicts


def test_a_page_cut_inside_a_character_is_not_broken() -> None:
    assert decode(page(TEXT, "utf-8", "utf-8").split("政府：".encode())[0] + "政".encode()[:2]).encoding == "utf-8"


def test_a_few_spoilt_bytes_do_not_overturn_a_declaration() -> None:
    body = page(TEXT * 20, "gbk", "gb18030").replace("方案".encode("gb18030"), b"\xff\xff", 1)
    assert decode(body).encoding == "gb18030"


@pytest.mark.parametrize("label", ["gb2312", "GBK", "gb_2312-80", " x-gbk "])
def test_chinese_labels_are_gb18030(label: str) -> None:
    assert whatwg_name(label) == "gb18030"


def test_latin_is_windows_1252() -> None:
    assert (whatwg_name("iso-8859-1"), whatwg_name("bogus"), whatwg_name(None)) == ("windows-1252", None, None)
    assert (
        decode("<?xml version='1.0' encoding='iso-8859-1'?><t>caf\xe9 d\xe9j\xe0</t>".encode("latin-1")).encoding
        == "windows-1252"
    )


@given(
    st.binary(max_size=300), st.sampled_from([None, "gbk", "utf-8", "big5", "iso-8859-1", "utf-16", "x", "replacement"])
)
def test_any_bytes_decode(body: bytes, label: str | None) -> None:
    decoded = decode(body, label)
    assert decoded.encoding == "utf-32" or webencodings.lookup(decoded.encoding) is not None
    assert decoded.encoding == decoded.encoding.lower()


@given(HAN, st.sampled_from(["utf-8", "gb18030"]), st.sampled_from([None, "utf-8", "gb2312", "iso-8859-1"]))
def test_chinese_text_is_read_right_whatever_is_declared(text: str, codec: str, declared: str | None) -> None:
    body = page(text, declared, codec)
    if codec == "gb18030":
        assume("\ufffd" in body.decode("utf-8", "replace"))  # GBK that is UTF-8 by chance cannot be told apart
    assert text in decode(body).text
