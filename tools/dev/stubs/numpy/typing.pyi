from typing import Any, TypeVar, Union

_Kind = TypeVar("_Kind")

NDArray = Union[Any, _Kind]
ArrayLike = Any
DTypeLike = Any
