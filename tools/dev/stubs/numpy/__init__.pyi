# numpy's own types differ so much from 1.20 to 2.x that code cannot suit them all; to mypy arrays are therefore open here,
# and what it says is the same on every system.
from typing import Any

def __getattr__(name: str) -> Any: ...
