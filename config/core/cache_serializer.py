"""The serializer of the cache in Redis. While Redis cannot be reached every read is a miss: answers become slower."""

import orjson
from django_redis.serializers.base import BaseSerializer

from config.core.json_types import JSONValue


class OrjsonSerializer(BaseSerializer):
    """JSON instead of pickle: a stranger who can write to Redis cannot run code here."""

    def dumps(self, value: JSONValue) -> bytes:
        return orjson.dumps(value)

    def loads(self, value: bytes) -> JSONValue:
        return orjson.loads(value)
