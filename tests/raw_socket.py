"""A plain socket client: speaks to the staff's socket as no browser would."""

import json
import time
from typing import Any, Self

import websocket

from tests.browser.server import DelegateServer

HYDRATE = "reflex___state____state.hydrate_and_load"
PATIENCE_SECONDS = 30.0  # longer than anything that is waited for takes


class RawSocket:
    """One socket; `heard` is every byte that came in, as text."""

    def __init__(
        self,
        server: DelegateServer,
        cookie: str = "",
        token: str = "chosen-by-the-client",  # noqa: S107 - a name, no secret
        origin: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.heard = ""
        self.closed_at: float | None = None
        self._socket = websocket.create_connection(
            f"ws://127.0.0.1:{server.port}/_event/?token={token}&EIO=4&transport=websocket",
            cookie=cookie or None,
            origin=server.url if origin is None else origin,
            suppress_origin=origin == "",
            header=headers or {},
            timeout=10,
        )
        self._wire: Any = self._socket.sock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def connect(self, path: str = "/admin") -> None:
        """Do what a page does first: connect and ask for everything it shows."""
        boot = {
            "name": HYDRATE,
            "payload": {},
            "router_data": {"pathname": path, "query": {}, "asPath": path},
        }
        self.send("40/_event," + json.dumps({"event": boot}))

    def event(self, name: str, payload: dict[str, Any] | None = None, path: str = "/admin") -> None:
        """Ask for a handler by name."""
        router = {"pathname": path, "query": {}, "asPath": path}
        body = {"name": name, "payload": payload or {}, "router_data": router, "token": "of another"}
        self.send("42/_event," + json.dumps(["event", body]))

    def send(self, frame: str | bytes) -> None:
        """Send a frame as it is; bytes as a binary one."""
        self._socket.send(
            frame, websocket.ABNF.OPCODE_BINARY if isinstance(frame, bytes) else websocket.ABNF.OPCODE_TEXT
        )

    def close(self) -> None:
        """Close it, as a tab that is closed does."""
        self._socket.close()
        self._wire.close()  # which the library forgets where the other end closed first

    def listen(self, seconds: float = 1.0) -> str:
        """Hear what comes within that time, or until the server closes."""
        end = time.monotonic() + seconds
        while self.closed_at is None and (left := end - time.monotonic()) > 0:
            self._hear(left)
        return self.heard

    def listen_for(self, words: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Hear until these words came."""
        end = time.monotonic() + seconds
        while words not in self.heard:
            if self.closed_at is not None or time.monotonic() > end:
                raise AssertionError(f"{words!r} did not come, but:\n{self.heard}")
            self._hear(end - time.monotonic())

    def _hear(self, seconds: float) -> None:
        self._socket.settimeout(max(seconds, 0.001))
        try:
            frame = self._socket.recv()
        except websocket.WebSocketTimeoutException:
            return
        except (websocket.WebSocketConnectionClosedException, ConnectionError):
            frame = ""
        if frame == "":
            self.closed_at = time.monotonic()
        elif frame == "2":
            self.send("3")
        else:
            self.heard += frame if isinstance(frame, str) else frame.decode("utf-8", "replace")
