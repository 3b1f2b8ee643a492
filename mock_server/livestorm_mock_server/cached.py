"""What is worked out once for an object."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class cached(Generic[T]):  # noqa: N801  # a decorator, as functools.cached_property
    """A property that is kept once it was read.

    Before Python 3.12, functools' takes a lock, which is half of what a request spends on it.
    https://docs.python.org/3/library/functools.html#functools.cached_property
    """

    def __init__(self, read: Callable[[Any], T]) -> None:
        self._read = read
        self.__doc__ = read.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "cached[T]": ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> "cached[T] | T":
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self._read(instance)
        return value
