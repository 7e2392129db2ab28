"""What a closed tab held of a person goes from Redis, with a real one."""

from pathlib import Path
from typing import Any

import redis

from copapp.staff_states import sweep_states
from tests.conftest import Environment
from tests.raw_socket import RawSocket
from tests.test_erasure import wait_until
from tests.test_staff_doors import CANARY, _serve


def test_closed_tab_leaves_no_name_in_redis(tmp_path: Path, environment: Environment, redis_url: str) -> None:
    """Reflex kept it for an hour, also when the person was erased meanwhile."""
    environment(REDIS_URL=redis_url)
    client: Any = redis.Redis.from_url(redis_url)

    def holds_the_name() -> bool:
        return any(CANARY.encode() in (client.get(key) or b"") for key in client.keys("*_reflex___state*"))

    with _serve(tmp_path, {"COPAPP_REDIS_URL": redis_url}) as house:
        with RawSocket(house.server, house.cookie("Bolat")) as page:
            page.connect()
            page.listen_for(CANARY)
            wait_until(holds_the_name)
            for _ in range(2):
                sweep_states()
            of_an_open_tab = holds_the_name()
        wait_until(lambda: not client.keys("token_manager_socket_record_*"))
        for _ in range(2):
            sweep_states()
        of_a_closed_tab = holds_the_name()

    client.close()
    assert of_an_open_tab
    assert not of_a_closed_tab
