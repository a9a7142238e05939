"""The product as a server gets it: `make install` into an empty folder, by an interpreter that a service may read.

The only place in the tests that reaches a package index, and it does so through pip and the lock's hashes.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.tree import ROOT

_HIDDEN_FROM_SERVICES = re.compile(r"/(?:root|home|tmp)/")  # ProtectHome= and PrivateTmp= of the unit


def interpreter() -> str:
    """This Python, or the system's where ours stands in somebody's home folder."""
    own = Path(sys.base_prefix, "bin", f"python3.{sys.version_info.minor}")
    return "/usr/bin/python3" if _HIDDEN_FROM_SERVICES.match(f"{own}") else str(own)


def install(prefix: Path) -> Path:
    """Wheel and pinned packages into that folder; AssertionError with what make said when it fails."""
    command = ["make", "install", f"PREFIX={prefix}", f"INSTALL_PYTHON={interpreter()}"]
    # The suite's own make must not hand its flags on to this one.
    environment = {key: value for key, value in os.environ.items() if key not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return prefix
