"""Lanes: at most eight calls in flight per server, and nothing that lies in a lane is forgotten or done twice."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from outreach.posts.dispatch import IN_FLIGHT
from workers import lanes


class Calls:
    """A server whose calls take a moment: who came, and how many were there at once."""

    def __init__(self) -> None:
        self.came: list[int] = []
        self.inside = self.most = 0
        self._lock = threading.Lock()

    def __call__(self, one: int) -> None:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        time.sleep(0.01)
        with self._lock:
            self.inside -= 1
            self.came.append(one)
        if one == 7:
            raise RuntimeError("an error of one is no matter of the others")


def test_eight_at_a_time_and_each_once():
    calls = Calls()
    bells = [list(range(n, 100, 20)) for n in range(20)]
    with ThreadPoolExecutor(20) as pool:
        for ids in bells:
            pool.submit(lanes.run, ids, "a.example", calls)
    assert sorted(calls.came) == list(range(100))
    assert calls.most == IN_FLIGHT


def test_a_server_that_hangs_holds_up_no_other():
    stuck, calls = threading.Event(), Calls()
    with ThreadPoolExecutor(IN_FLIGHT + 1) as pool:
        for n in range(IN_FLIGHT + 3):
            pool.submit(lanes.run, [n], "hangs.example", lambda _: stuck.wait(10))
        pool.submit(lanes.run, [1, 2], "b.example", calls).result(5)
        stuck.set()
    assert calls.came == [1, 2]


def test_what_is_told_again_while_it_lies_in_a_lane_is_done_once():
    stuck, came = threading.Event(), []

    def job(one: int) -> None:
        stuck.wait(10)
        came.append(one)

    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        for n in range(IN_FLIGHT):
            pool.submit(lanes.run, [1_000 + n], "c.example", job)
        while lanes._active["c.example"] < IN_FLIGHT:
            time.sleep(0.01)
        lanes.run([1, 2], "c.example", job)
        lanes.run([2, 1], "c.example", job)
        stuck.set()
    assert sorted(came) == [1, 2, *range(1_000, 1_000 + IN_FLIGHT)]


def test_where_no_server_is_called_there_is_no_lane():
    calls = Calls()
    lanes.run([7, 8], None, calls)
    assert calls.came == [7, 8]
