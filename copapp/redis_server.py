"""Redis, and whether it answers, where `COPAPP_REDIS_URL` names one. Any room may use it."""

from functools import cache

from redis import Redis
from redis.exceptions import RedisError

from copapp.settings import settings

_PATIENCE_SECONDS = 1.0


def redis_trouble() -> str:
    """Say in words for whoever runs the machine why staff's pages have no Redis; "" when all is well."""
    try:
        if client := redis_client():
            client.ping()
    except (RedisError, OSError, ValueError):
        # Its own words would quote the address, which may hold a password.
        return "Redis does not answer: staff's pages stay without their connection."
    return ""


def redis_client() -> Redis | None:
    """Give a connection that waits for no answer longer than a second; None where no Redis is named."""
    url = settings().redis_url
    return _client(url) if url else None


@cache
def _client(url: str) -> Redis:
    return Redis.from_url(
        url, socket_connect_timeout=_PATIENCE_SECONDS, socket_timeout=_PATIENCE_SECONDS, retry=None
    )
