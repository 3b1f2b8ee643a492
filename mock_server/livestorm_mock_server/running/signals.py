"""Signals to `run`, which are passed on to the command unless it gets them by itself.

What the terminal or the kernel sends (Ctrl-C, Ctrl-Z, a new size) goes to the whole process group,
and so to the command as well. https://man7.org/linux/man-pages/man2/sigaction.2.html (`si_code`)
"""

import os
import signal
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from typing import Final

from msgspec import Struct

PASSED_ON: Final = tuple(
    getattr(signal, name)
    for name in "SIGHUP SIGINT SIGQUIT SIGTERM SIGUSR1 SIGUSR2 SIGWINCH SIGTSTP SIGCONT".split()
    if hasattr(signal, name)
)
_FROM_TERMINAL: Final = {"SIGINT", "SIGQUIT", "SIGTSTP", "SIGWINCH", "SIGCONT"}
"""Not passed on where the system does not say who sent them, as on macOS."""
_ENDING: Final = {
    getattr(signal, name)
    for name in ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM")
    if hasattr(signal, name)
}


class Held(Struct, frozen=True):
    """What is kept for `pass_on`, and the mask that there was before, which the command gets."""

    signals: Collection[signal.Signals]
    mask_before: Collection[int]

    def asked_to_end(self) -> int | None:
        """Give the exit status where one has asked for the end while there is no command."""
        asked = signal.sigpending() & {*self.signals} & _ENDING
        return 128 + min(asked) if asked else None


def hold() -> Held:
    """Keep signals for `pass_on`, in this thread and those that it begins, and in its children.

    What was ignored from the start, as under nohup, stays ignored, by the command, too.
    """
    heard = [one for one in PASSED_ON if signal.getsignal(one) != signal.SIG_IGN]
    return Held(heard, signal.pthread_sigmask(signal.SIG_BLOCK, heard))


def let_go(mask: Collection[int]) -> None:
    """In the child, have what was kept as the command would have it."""
    if signal.getsignal(signal.SIGINT) == signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def pass_on(held: Held, process_id: int) -> None:
    """Begin to pass signals on to a child that nobody has waited for, from a thread."""
    arguments = (held.signals, _sender(process_id))
    threading.Thread(target=_pass_on, args=arguments, name="signals", daemon=True).start()


def _pass_on(held: Collection[signal.Signals], send: Callable[[int], None]) -> None:
    while True:
        number, is_from_process = _wait(held)
        if is_from_process:
            with suppress(ProcessLookupError):
                send(number)
        if number == signal.SIGTSTP:
            # The command stops by itself; whoever waits for `run` has to see it stop as well.
            os.kill(os.getpid(), signal.SIGSTOP)


def _sender(process_id: int) -> Callable[[int], None]:
    """Give what sends signals to a child, and on Linux never to another that has its number since.

    https://man7.org/linux/man-pages/man2/pidfd_open.2.html
    """
    with suppress(AttributeError, OSError):
        return partial(signal.pidfd_send_signal, os.pidfd_open(process_id))
    return partial(os.kill, process_id)


def _wait(held: Collection[signal.Signals]) -> tuple[int, bool]:
    """Give a signal, and whether a process sent it to this one."""
    if hasattr(signal, "sigwaitinfo"):
        came = signal.sigwaitinfo(held)
        # SI_USER, SI_QUEUE and SI_TKILL are not positive, SI_KERNEL and the others are.
        return came.si_signo, came.si_code <= 0
    number = signal.Signals(signal.sigwait(held))
    return number, number.name not in _FROM_TERMINAL
