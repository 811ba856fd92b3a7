"""The cache on Redis. It may be lost at any time: whatever goes wrong there is as if nothing had been kept.

Shares its Redis with the task queue, so clearing it takes its own keys away and no others. Knows no reports.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

# a page must not wait for a Redis that is gone
TIMEOUT = 1.0
# after a failure Redis is left alone for so long
LEFT_ALONE = 10.0
_AT_ONCE = 500


class ReportCache(RedisCache):
    """Django's cache on Redis, that answers "not kept" when Redis does not answer, or holds what cannot be read."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_timeout": TIMEOUT,
            "socket_connect_timeout": TIMEOUT,
            "retry": Retry(NoBackoff(), 0),
            **params.get("OPTIONS", {}),
        }
        super().__init__(server, {**params, "OPTIONS": options})
        self._left_alone_until = 0.0

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return what is kept, else the default."""
        return self._guarded(lambda: super(ReportCache, self).get(key, default, version), default)

    def set(self, key: str, value: Any, timeout: Any = 300, version: int | None = None) -> None:
        """Keep a value where that is possible."""
        self._guarded(lambda: super(ReportCache, self).set(key, value, timeout, version), None)

    def delete(self, key: str, version: int | None = None) -> bool:
        """Drop a value; say whether there was one."""
        return self._guarded(lambda: super(ReportCache, self).delete(key, version), False)

    def clear(self) -> bool:
        """Drop everything of this cache."""
        return self._guarded(self._clear, False)

    def _clear(self) -> bool:
        client = self._cache.get_client(write=True)
        keys = list(client.scan_iter(match=f"{self.key_prefix}:*", count=_AT_ONCE))
        for start in range(0, len(keys), _AT_ONCE):
            client.delete(*keys[start : start + _AT_ONCE])
        return True

    def _guarded(self, act: Callable[[], Result], otherwise: Result) -> Result:
        if time.monotonic() < self._left_alone_until:
            return otherwise
        try:
            return act()
        except (RedisError, OSError):
            self._left_alone_until = time.monotonic() + LEFT_ALONE
            logger.warning("Redis does not answer; reports are computed anew for a while")
        except Exception:  # a value written by an older version of the program, say
            logger.warning("what the cache held could not be read")
        return otherwise
