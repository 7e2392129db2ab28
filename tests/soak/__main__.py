"""`make soak`: 200 phones for ten minutes, a release every five seconds; exit 1 if anything was wrong."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.browser.server import DelegateServer
from tests.soak.phones import resident_bytes, soak

GROWTH = 64 * 1_024 * 1_024


def main(minutes: float, phones: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        server = DelegateServer(Path(folder), {"COPAPP_SITES": str(Path(folder) / "site")})
        server.run("seed")
        server.start()
        try:
            asyncio.run(soak(server, 20, phones, 1, 5))
            before = resident_bytes(server)
            tally, made = asyncio.run(soak(server, minutes * 60, phones, 1, 5))
            grown = resident_bytes(server) - before
        finally:
            server.stop()
    print(f"{phones} phones asked {tally.asked:,} times, {tally.known:,} knew; {made} releases were made.")
    print(f"The server grew by {grown / 1e6:.1f} MB.")
    for wrong in sorted(set(tally.wrong)):
        print(f"Wrong: {wrong}")
    return bool(tally.wrong) or grown > GROWTH


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--phones", type=int, default=200)
    given = parser.parse_args()
    sys.exit(main(given.minutes, given.phones))
