"""A real Chromium without a window, spoken to over its own debugging protocol: pages as a person's browser shows them.

Only loopback: it starts with every background connection switched off and a profile that is thrown away.
"""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-port=0",
)  # fmt: skip
START_WITHIN = 30.0  # seconds


class Tab:
    """One page. `said` collects what the browser wrote to the console: errors, warnings, refused styles."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._events: list[dict[str, Any]] = []
        self.said: list[str] = []

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """One command of the protocol and its answer; events on the way are kept."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        while True:
            received = await self._socket.receive_json()
            if received.get("id") == number:
                assert "error" not in received, received
                result: dict[str, Any] = received["result"]
                return result
            self._note(received)

    async def open(self, url: str, *, width: int = 390, height: int = 844, scheme: str = "light") -> None:
        """Load a page as on a screen of that width, and wait until it stands."""
        for domain in ("Page", "Runtime", "Log"):
            await self.call(f"{domain}.enable")
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2, mobile=width < 600
        )
        await self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        await self.go(url)

    async def go(self, url: str) -> None:
        self._events.clear()
        await self.call("Page.navigate", url=url)
        await self._loaded()

    async def renew(self) -> None:
        """What `<meta http-equiv="refresh">` does when its time has come: the same page again."""
        self._events.clear()
        await self.call("Page.reload")
        await self._loaded()

    async def click(self, text: str) -> None:
        """Follow the link with that text."""
        self._events.clear()
        found = f"[...document.querySelectorAll('a')].find(a => a.textContent.trim() === {text!r})"
        await self.ask(f"{found}.click()")
        await self._loaded()

    async def ask(self, script: str) -> Any:
        """What an expression is on this page."""
        answer = await self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def picture(self, path: Path, *, whole: bool = False) -> None:
        """A PNG of what is seen, or of the whole page."""
        taken = await self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        await asyncio.to_thread(path.write_bytes, base64.b64decode(taken["data"]))

    async def _loaded(self) -> None:
        while not any(event["method"] == "Page.loadEventFired" for event in self._events):
            self._note(await self._socket.receive_json())

    def _note(self, event: dict[str, Any]) -> None:
        self._events.append(event)
        params = event.get("params", {})
        if event["method"] == "Log.entryAdded":
            self.said.append(f"{params['entry']['level']}: {params['entry']['text']}")
        elif event["method"] == "Runtime.consoleAPICalled" or event["method"] == "Runtime.exceptionThrown":
            self.said.append(str(params))


@asynccontextmanager
async def chromium() -> AsyncIterator[Tab]:
    """A browser with one empty page; ended with everything it started."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            "chromium", *FLAGS, f"--user-data-dir={profile}", "about:blank",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            port = await _port(Path(profile))
            async with aiohttp.ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                    pages = [each for each in await answer.json() if each["type"] == "page"]
                async with session.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                    yield Tab(socket)
        finally:
            process.terminate()
            await process.wait()


async def _port(profile: Path) -> int:
    """Chromium writes the port it took into its profile once it listens."""
    async with asyncio.timeout(START_WITHIN):
        while True:
            try:
                written = (await asyncio.to_thread((profile / "DevToolsActivePort").read_text)).splitlines()
                return int(written[0])
            except (OSError, IndexError):
                await asyncio.sleep(0.05)
