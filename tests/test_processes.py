"""Calls that are lost with the process that took them."""

from concurrent.futures import BrokenExecutor, Future
from threading import Timer

import pytest

from pingan_analysis import processes
from pingan_analysis.processes import result_of


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOST_SECONDS", 0.02)


def ended(result: object = None, error: Exception | None = None) -> Future[object]:
    future: Future[object] = Future()
    future.set_running_or_notify_cancel()
    if error:
        future.set_exception(error)
    else:
        future.set_result(result)
    return future


def test_a_call_that_nobody_begins_is_made_again() -> None:
    assert result_of(Future(), lambda: ended("read")) == "read"


def test_a_call_that_takes_its_time_is_waited_for() -> None:
    begun: Future[object] = Future()
    begun.set_running_or_notify_cancel()

    def again() -> Future[object]:
        raise AssertionError("it was begun")

    Timer(0.1, begun.set_result, ["late"]).start()
    assert result_of(begun, again) == "late"


def test_an_error_of_the_call_is_its_result() -> None:
    with pytest.raises(TimeoutError, match="its own"):
        result_of(ended(error=TimeoutError("its own")), Future)


def test_calls_that_nobody_ever_begins_come_to_an_end() -> None:
    made: list[Future[object]] = []

    def again() -> Future[object]:
        made.append(Future())
        return made[-1]

    with pytest.raises(BrokenExecutor, match="no process begins"):
        result_of(Future(), again)
    assert len(made) == processes.MOST_LOST
    assert all(future.cancelled() for future in made[:-1])
