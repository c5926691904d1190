"""Sign-ins are looked at a few at a time, so that a flood of them leaves the pages to others."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from workflow import passwords
from workflow.passwords import AT_ONCE, Passwords, TooBusy


def test_who_would_wait_too_long_for_a_turn_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PATIENCE", 0.01)
    small = Passwords(time_cost=1, memory_kib=8)
    begun, ending = [Event() for _ in range(AT_ONCE)], Event()

    def hold(begins: Event) -> None:
        with small.turn():
            begins.set()
            ending.wait(60)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for begins in begun:
            pool.submit(hold, begins)
        for begins in begun:
            assert begins.wait(60)
        with pytest.raises(TooBusy), small.turn():
            pass
        ending.set()
    with small.turn():
        pass  # a turn that ended is free again
