"""What a new password must be; and a flood of sign-ins leaves the pages to others."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from workflow import passwords
from workflow.passwords import AT_ONCE, Passwords, TooBusy, complaint


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


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password1234!",
        "passwordpassword",
        "P@ssw0rd2026",
        "qwertyuiop12",
        "1234567890ab",
        "abcdefghijklm",
        "poiuytrewq99",
        "asdfghjklasdf",
        "anna.schmidt1",
        "Schmidt123456",
        "elbe-systems1",
        "cofundcofund1",
        "welcome12345",
        "abababcccccccccdddd",
    ],
)
def test_what_anybody_would_try_first_is_no_password(password: str) -> None:
    assert complaint(password, "anna.schmidt@elbe-systems.example", "Anna Schmidt") in ("guessed", "plain")


@pytest.mark.parametrize(
    "password",
    [
        "welcome to the demo",
        "my password is a horse",
        "correct horse battery",
        "kX9#vLp2$Wq8",
        "anna likes boats",
    ],
)
def test_a_few_words_are_a_password(password: str) -> None:
    assert complaint(password, "anna.schmidt@elbe-systems.example", "Anna Schmidt") is None
