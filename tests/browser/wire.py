"""The way between a browser and a server, in the test's hand: slow, silent in one direction, or cut."""

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

CHUNK = 65_536


class Wire:
    """Passes everything on, from a port of its own.

    `seconds` is how long it holds each piece; `rewritten` is what it changes of what browsers send.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self.seconds = 0.0
        self.rewritten: tuple[bytes, bytes] | None = None
        self._flows = {"up": asyncio.Event(), "down": asyncio.Event()}
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        for flow in self._flows.values():
            flow.set()
        self._server = self._do(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def stop(self, way: str) -> None:
        """Let nothing more through "up" or "down", and keep every connection open, as a dead network does."""
        self._loop.call_soon_threadsafe(self._flows[way].clear)

    def flow(self) -> None:
        """Let everything through again, what was held first."""
        for flow in self._flows.values():
            self._loop.call_soon_threadsafe(flow.set)

    def cut(self) -> None:
        """End every connection that is open; new ones are let through. What was held is lost."""
        self._do(self._cut())

    def close(self) -> None:
        """End it for good."""
        self._do(self._cut())
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _end(self) -> None:
        self._server.close()

    async def _cut(self) -> None:
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._join(reader, writer)
        finally:
            self._tasks.discard(task)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = [writer]
        try:
            with suppress(OSError, asyncio.CancelledError):
                to_server, from_client = await asyncio.open_connection("127.0.0.1", self._to)
                ends.append(from_client)
                await asyncio.gather(
                    self._pass_on(reader, from_client, "up"), self._pass_on(to_server, writer, "down")
                )
        finally:
            for end in ends:
                end.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str) -> None:
        while data := await reader.read(CHUNK):
            await asyncio.sleep(self.seconds)
            await self._flows[way].wait()
            writer.write(data.replace(*self.rewritten) if self.rewritten and way == "up" else data)
            await writer.drain()
        writer.write_eof()
