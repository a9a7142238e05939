"""A web server that takes its time and writes down who asked when, and whether two asked for one page at once."""

import threading
import time
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

PAGE = "<html><head><title>某市</title></head><body><h1>某市人民政府</h1><p>{words}</p></body></html>".format(
    words="本页是一个普通的页面，内容不变。" * 20
).encode()


class SlowServer:
    """`with SlowServer(seconds) as server:`; every page answers after so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.asked: dict[str, list[float]] = defaultdict(list)  # path → time.monotonic() of each request
        self.together: Counter[str] = Counter()  # path → the most requests under way at once
        self.agents: list[str] = []  # who asked, one line for each request
        self._now: Counter[str] = Counter()
        self._lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.agents.append(self.headers["User-Agent"])
                with server._under_way(self.path):
                    time.sleep(server.seconds)
                    self.send_response(200)
                    self.send_header("Content-Type", "text/html; charset=utf-8")
                    self.send_header("Content-Length", str(len(PAGE)))
                    self.end_headers()
                    try:
                        self.wfile.write(PAGE)
                    except OSError:
                        return  # who asked has gone

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                return

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.port = int(self._http.server_address[1])
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def _under_way(self, path: str) -> "_UnderWay":
        return _UnderWay(self, path)

    def begin(self, path: str) -> None:
        with self._lock:
            self.asked[path].append(time.monotonic())
            self._now[path] += 1
            self.together[path] = max(self.together[path], self._now[path])

    def end(self, path: str) -> None:
        with self._lock:
            self._now[path] -= 1


class _UnderWay:
    def __init__(self, server: SlowServer, path: str) -> None:
        self.server, self.path = server, path

    def __enter__(self) -> None:
        self.server.begin(self.path)

    def __exit__(self, *_: object) -> None:
        self.server.end(self.path)
