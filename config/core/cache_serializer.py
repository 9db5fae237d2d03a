"""The cache in Redis. Redis being away only makes answers slower: every error here is a miss."""

from typing import Any

import orjson
from django_redis.serializers.base import BaseSerializer


class OrjsonSerializer(BaseSerializer):
    """JSON in the cache, never pickle: whoever can write to Redis cannot run code here."""

    def dumps(self, value: Any) -> bytes:
        return orjson.dumps(value)

    def loads(self, value: bytes) -> Any:
        return orjson.loads(value)
