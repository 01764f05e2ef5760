"""PostgreSQL's multiranges: several pieces of a line in one value. Django knows the single ranges only."""

from typing import Any

from django.db import models


class MultiRangeField(models.Field[Any, Any]):
    """Such as `int4multirange`; written and compared in SQL, read as psycopg's `Multirange`."""

    def __init__(self, multirange: str, **options: Any) -> None:
        self.multirange = multirange
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, [self.multirange, *args], kwargs

    def db_type(self, connection: Any) -> str:
        return self.multirange
