"""Read each file of a folder in a process of its own: `python -m tests.read_hostile FOLDER`."""

import json
import os
import resource
import sys
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from copapp.domain.imported import ProgrammeFileError
from copapp.interop.programme_file import Frame, read

FRAME = Frame(
    ZoneInfo("Asia/Samarkand"),
    date(2024, 2, 12),
    date(2024, 2, 17),
    rooms=tuple((f"Room {number}", f"Hall {number % 4}") for number in range(20)),
)
_PATIENCE = 60


def main(folder: Path) -> None:
    for file in sorted(folder.iterdir()):
        if not os.fork():
            print(json.dumps({"file": file.name, **_outcome(file)}), flush=True)
            os._exit(0)
        status = os.wait()[1]
        if status:
            print(json.dumps({"file": file.name, "died": status}), flush=True)


def _outcome(file: Path) -> dict[str, object]:
    resource.setrlimit(resource.RLIMIT_CPU, (_PATIENCE, _PATIENCE))
    raised = ""
    try:
        found = read(file.read_bytes(), FRAME)
        said = [each.words for each in found.skipped]
        events = len(found.events)
    except ProgrammeFileError as error:
        said, events = [error.words], 0
    except Exception as error:  # noqa: BLE001  # whatever else is raised is what the test looks for
        said, events, raised = [], 0, repr(error)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": used.ru_utime + used.ru_stime,
        "megabytes": used.ru_maxrss / 1024,
        "said": said[:3],
        "events": events,
        "raised": raised,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
