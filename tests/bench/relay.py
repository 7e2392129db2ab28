"""A slow link to a server: a round trip of 150 ms, 1.6 Mbit/s down, 0.75 up."""

import asyncio
import threading
import time
from contextlib import suppress

ROUND_TRIP = 0.150
DOWN, UP = 1_600_000 / 8, 750_000 / 8
CHUNK = 4_096


class Relay:
    """Listens on a port of its own in a thread of its own and passes everything on, slowly."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._free = {"down": 0.0, "up": 0.0}
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait()

    def close(self) -> None:
        """Cut every connection and stop."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(ROUND_TRIP)  # the handshake
        try:
            to_server, from_client = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.close()
            return
        with suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(
                self._pass_on(reader, from_client, "up", UP), self._pass_on(to_server, writer, "down", DOWN)
            )

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str, rate: float
    ) -> None:
        queue: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue(16)

        async def deliver() -> None:
            while (held := await queue.get()) is not None:
                await asyncio.sleep(max(0.0, held[0] - time.monotonic()))
                writer.write(held[1])
                await writer.drain()
            writer.close()

        delivery = asyncio.create_task(deliver())
        while data := await reader.read(CHUNK):
            self._free[way] = max(time.monotonic(), self._free[way]) + len(data) / rate
            await queue.put((self._free[way] + ROUND_TRIP / 2, data))
        await queue.put(None)
        await delivery
