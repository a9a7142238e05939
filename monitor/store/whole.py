"""Whether the database file is, untouched, the one that was last known to be whole: then a start need not read all of it again.

Keeps a mark beside the file. It is no proof by itself: it holds what the file was like (inode, size, times of its last change, and the
boot of the machine) when its log had just been folded back, so that everything written, copied or restored since, a write-ahead
log that is left, and a power cut each make it worthless. Then, or with no mark, the file is checked as ever. Whoever met damage
or an error of the disk puts a doubt there, which only a check takes away.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

IN_USE, DOUBT = "in use", "doubt"
TICK = 0.02
"""Seconds after which a further change has another time: file systems take it from the kernel's tick, 10 ms at the most."""
_BOOT = Path("/proc/sys/kernel/random/boot_id")
_MODE = 0o640


def is_vouched(path: str) -> bool:
    """Whether nothing has touched the file since it was vouched for, and no log of it is left."""
    real = os.path.realpath(path)
    if any(Path(f"{real}{side}").exists() for side in ("-wal", "-journal")):
        return False
    found = _look(path)
    return found is not None and _mark(path) == found


def begin(path: str) -> None:
    """It was found whole, by a check or by its mark, and will now be written."""
    _put(path, IN_USE)


def vouch(path: str) -> None:
    """Its log has just been folded back and is on the disk; nobody else writes. Blocks for a TICK."""
    if _mark(path) in {"", DOUBT}:
        return
    time.sleep(TICK)
    if (found := _look(path)) is not None:
        _put(path, found)


def doubt(path: str) -> None:
    """Something was wrong with it while it was in use: the next start checks it, however this one ends."""
    if _mark(path):
        _put(path, DOUBT)


def _look(path: str) -> str | None:
    """What the file is like; None where that tells too little: no boot to tell from another, or times in whole seconds."""
    try:
        file, boot = Path(path).stat(), _BOOT.read_text("ascii").strip()
    except OSError:
        return None
    if not boot or file.st_ctime_ns % 1_000_000_000 == 0:
        return None
    return f"{boot} {file.st_dev} {file.st_ino} {file.st_size} {file.st_mtime_ns} {file.st_ctime_ns}"


def _beside(path: str) -> Path:
    """SQLite itself goes by the real path: its log lies there, and so it names the file."""
    return Path(f"{os.path.realpath(path)}.whole")


def _mark(path: str) -> str:
    try:
        return _beside(path).read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


def _put(path: str, mark: str) -> None:
    """Without it the file is checked, so that failing to write it is no trouble; but an old one must not stay."""
    with suppress(OSError):
        _beside(path).unlink(missing_ok=True)
        descriptor = os.open(_beside(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _MODE)
        try:
            os.write(descriptor, mark.encode("ascii"))
        finally:
            os.close(descriptor)
