"""PROJ is used in one lasting thread, whichever thread asks."""

import threading

import pytest

from restoration_planner.core.errors import PlannerError
from restoration_planner.core.geometry.proj_thread import in_proj_thread


@in_proj_thread
def where() -> threading.Thread:
    return threading.current_thread()


@in_proj_thread
def where_twice() -> tuple[threading.Thread, threading.Thread]:
    return threading.current_thread(), where()


@in_proj_thread
def fails(number: int, *, why: str) -> None:
    raise PlannerError("intake.crs_no_such", code=number, why=why)


def test_every_caller_meets_the_same_thread_which_outlives_them() -> None:
    seen = []
    for _ in range(3):
        caller = threading.Thread(target=lambda: seen.append(where()))
        caller.start()
        caller.join()
    assert set(seen) == {where()} and where() is not threading.current_thread() and where().is_alive()


def test_a_function_of_that_thread_may_call_another() -> None:
    assert where_twice() == (where(), where())


def test_an_error_reaches_the_caller() -> None:
    with pytest.raises(PlannerError, match="7"):
        fails(7, why="no reason")
