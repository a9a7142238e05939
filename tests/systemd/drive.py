"""Runs inside the container as root: takes the real unit through its life and writes down what it saw.

Standard library only. Writes RESULTS/seen.json, a step at a time, and RESULTS/journal.txt; it judges nothing, test_nspawn.py does.
"""

import json
import re
import sqlite3
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

RESULTS = Path(sys.argv[1])
SETTINGS = Path("/etc/zhishou/monitor.toml")
PATIENCE = 90  # seconds until what must happen has failed; many times what a quiet machine needs
PAGE = "<!doctype html><html><head><title>示例</title></head><body><ul>{}</ul></body></html>".format(
    "".join(f"<li><a href='/{n}.html'>关于第{n}号示例的通知</a> 2026-11-{n:02}</li>" for n in range(1, 20))
).encode()
SITE = """
[[target]]
id = "{id}"
kind = "site"
name = "示例{id}"
url = "http://127.0.0.1:8000/{id}/"
owner = "示例单位"
"""
BASE = """
[cadence]
site = "5s"

[guard]
allow = ["127.0.0.0/8"]

[reference]
urls = ["http://127.0.0.1:8000/a", "http://127.0.0.1:8000/b", "http://127.0.0.1:8000/c"]

[[channel]]
id = "duty"
url = "credential:secret_duty"
"""
seen: dict[str, Any] = {}


class Website(BaseHTTPRequestHandler):
    """A site that answers, and a receiver of alerts that takes them."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def run(*command: str) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=150)
    return done.returncode, (done.stdout + done.stderr).strip()


def show() -> dict[str, str]:
    names = "ActiveState,SubState,StatusText,MainPID,NRestarts,Result,ExecMainStatus,ExecMainCode"
    lines = run("systemctl", "show", "zhishou.service", "-p", names)[1].splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def health() -> dict[str, Any]:
    try:
        with urlopen("http://127.0.0.1:8787/healthz", timeout=5) as answer:
            return {"status": answer.status, "text": answer.read().decode()}
    except HTTPError as error:
        return {"status": error.code, "text": error.read().decode()}
    except (URLError, OSError) as error:
        return {"status": 0, "text": str(error)}


def journal(*only: str) -> str:
    return run("journalctl", "-u", "zhishou.service", "-o", "cat", "--no-pager", *only)[1]


def until(what: Any, seconds: float) -> bool:
    """Ask once a quarter second until it is so; False when the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.25)
    return False


def note(step: str, **facts: object) -> None:
    seen[step] = facts
    (RESULTS / "seen.json").write_text(json.dumps(seen, ensure_ascii=False, indent=1), encoding="utf-8")


def install() -> None:
    """What systemd/README.md tells the administrator to type, word for word, but for the parts that need a network."""
    readme = Path("systemd/README.md").read_text(encoding="utf-8")
    lines = [line.strip() for block in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL) for line in block.splitlines()]
    before, after = ("useradd ", "install "), ("systemctl ",)
    done = [(line, *run("sh", "-c", line)) for line in lines if line.startswith(before)]
    SETTINGS.write_text(BASE + SITE.format(id="site-a"), encoding="utf-8")
    secret = Path("/etc/zhishou/credentials/duty")
    secret.write_text("json://127.0.0.1:8000/\n", encoding="utf-8")
    secret.chmod(0o600)
    done += [(line, *run("sh", "-c", line)) for line in lines if line.startswith(after)]
    note("install", commands=done)


def start() -> None:
    begun = time.monotonic()
    until(lambda: show().get("ActiveState") in {"active", "failed"}, PATIENCE)
    note("start", seconds=time.monotonic() - begun, unit=show(), health=health())


def confined() -> None:
    """What the daemon may do, asked of the kernel and from inside its own mounts."""
    pid = show()["MainPID"]
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    inside = ("nsenter", "-t", pid, "-m", "--")
    note(
        "confined",
        user=run("stat", "-c", "%U", f"/proc/{pid}")[1],
        capabilities=status["CapEff"].strip(),
        no_new_privileges=status["NoNewPrivs"].strip(),
        seccomp=status["Seccomp"].strip(),
        etc=run(*inside, "touch", "/etc/zhishou/x"),
        state=run(*inside, "touch", "/var/lib/zhishou/x"),
        home=run(*inside, "ls", "-A", "/root"),
        files=run("stat", "-c", "%A %U %n", "/var/lib/zhishou", "/var/lib/zhishou/zhishou.db")[1].splitlines(),
    )


def reload() -> None:
    pid = show()["MainPID"]
    SETTINGS.write_text(BASE + SITE.format(id="site-a") + SITE.format(id="site-b"), encoding="utf-8")
    answer = run("systemctl", "reload", "zhishou.service")
    taken = until(lambda: "site-b" in visited(), PATIENCE)
    note("reload", answer=answer, taken=taken, unit=show(), same_process=show()["MainPID"] == pid)
    SETTINGS.write_text(BASE + SITE.format(id="site-c") + 'nmae = "x"\n', encoding="utf-8")
    answer = run("systemctl", "reload", "zhishou.service")
    shown = until(lambda: "nmae" in health()["text"], PATIENCE)
    problems = journal("-p", "warning")
    same = show()["MainPID"] == pid
    note("refused", answer=answer, shown=shown, problems=problems, unit=show(), same_process=same, health=health())
    SETTINGS.write_text(BASE + SITE.format(id="site-a"), encoding="utf-8")
    run("systemctl", "reload", "zhishou.service")


def visited() -> set[str]:
    """Targets that have been looked at, read from the store as it stands."""
    query = "SELECT id FROM targets WHERE visits > 0"
    store = sqlite3.connect("file:/var/lib/zhishou/zhishou.db?mode=ro", uri=True)
    try:
        return {row[0] for row in store.execute(query)}
    finally:
        store.close()


def hang() -> None:
    """Stop the daemon's main process as a hang would, and wait for the watchdog."""
    pid, begun = show()["MainPID"], time.monotonic()
    run("kill", "-STOP", pid)
    back = until(lambda: show()["NRestarts"] == "1" and show()["ActiveState"] == "active", 60 + PATIENCE)
    note("hang", back=back, seconds=time.monotonic() - begun, unit=show(), new_process=show()["MainPID"] != pid)


def stop() -> None:
    begun = time.monotonic()
    answer = run("systemctl", "stop", "zhishou.service")
    note("stop", answer=answer, seconds=time.monotonic() - begun, unit=show())


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 8000), Website)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for step in (install, start, confined, reload, hang, stop):
            step()
    finally:
        (RESULTS / "journal.txt").write_text(journal(), encoding="utf-8")


main()
