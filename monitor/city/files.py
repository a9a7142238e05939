"""Attachments, pictures, styles and scripts of the city: small bytes that really are what their name says.

Pure: reads only the path, writes nothing. Each begins with the magic number of its type, because an inspector (and the
link check) tells a PDF from an error page by it. None is a real document.
"""

import io
import struct
import zipfile
import zlib
from functools import cache

TYPES = {
    "css": "text/css",
    "js": "application/javascript",
    "png": "image/png",
    "jpg": "image/jpeg",
    "pdf": "application/pdf",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def kind_of(path: str) -> str:
    """The ending of a path, lower case, "" when it has none we serve."""
    ending = path.partition("?")[0].rpartition(".")[2].lower()
    return ending if ending in TYPES else ""


@cache
def content(kind: str) -> bytes:
    """The bytes of a file of that kind."""
    match kind:
        case "css":
            return b"body{font:14px/1.8 SimSun,sans-serif;color:#333}.list li{border-bottom:1px dashed #ccc}\n" * 4
        case "js":
            return b"(function(){var d=document;d.getElementById&&d.getElementById('top');})();\n" * 4
        case "png":
            return _png()
        case "jpg":
            return bytes.fromhex("ffd8ffe000104a46494600010100000100010000") + b"\x00" * 64 + b"\xff\xd9"
        case "pdf":
            return b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
        case "docx":
            return _zip()
        case _:
            return bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 504


def _png() -> bytes:
    """One grey pixel."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\x00\x80")),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


def _zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(zipfile.ZipInfo("[Content_Types].xml"), "<Types/>")
    return held.getvalue()
