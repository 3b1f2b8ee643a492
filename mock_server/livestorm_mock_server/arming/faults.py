"""The faults of a sandbox."""

from collections.abc import Callable, Iterable, Mapping

from ..exchange import Exchange
from ..faults.fault import CONNECTION, Fault
from ..labels import Labels
from ..reading import InvalidInputError
from .armed import ArmedFault, Counts
from .look import Look
from .reach import HEADER
from .reading import read_fault, read_header
from .strike import Strike


class Faults:
    """What is armed in a sandbox; the first that takes a request strikes it, alone."""

    def __init__(
        self,
        labels: Labels,
        *,
        last_exchange: Callable[[], int],
        has_handshakes: Callable[[], bool] = lambda: False,
    ) -> None:
        """`has_handshakes` tells whether there is a door with TLS that leads here."""
        self._labels, self._has_handshakes = labels, has_handshakes
        self._last_exchange = last_exchange
        self._armed: dict[str, ArmedFault] = {}
        self._last_number = 0

    def arm(self, on: str, fault: str, **parameters: object) -> ArmedFault:
        """Arm a fault. Raises InvalidInputError, which names the key and what was expected."""
        return self.arm_from({"on": on, "fault": fault, **parameters})

    def arm_from(self, keys: Mapping[str, object]) -> ArmedFault:
        """Arm a fault from the keys of a `[[faults]]` entry. Raises InvalidInputError."""
        fault, last = read_fault(keys, self._labels), self._last_exchange()
        if fault.when.number is not None and fault.when.number <= last:
            expected = f"a number above {last}, the last exchange's"
            raise InvalidInputError("when.number", fault.when.number, expected)
        self.check_door(fault)
        return self.add(fault)

    def check_door(self, fault: Fault, *, where: str = "") -> None:
        """Check that a fault of handshakes has a door with TLS to strike at.

        Raises InvalidInputError.
        """
        if fault.on == CONNECTION and not self._has_handshakes():
            raise InvalidInputError(
                f"{where}on",
                fault.on,
                "an endpoint, as no door with TLS leads to this sandbox: `serve --tls` and"
                " `MockLivestorm(tls=True)` have one to the default sandbox",
            )

    def add(self, fault: Fault) -> ArmedFault:
        """Arm a fault that was read."""
        self._last_number += 1
        armed = ArmedFault(f"fault-{self._last_number}", fault)
        self._armed[armed.id] = armed
        return armed

    @property
    def last_number(self) -> int:
        """The number in the id of the newest fault, 0 without one."""
        return self._last_number

    def put(self, armed: Iterable[ArmedFault], *, last_number: int) -> None:
        """Have these armed, and no others."""
        self._armed = {one.id: one for one in armed}
        self._last_number = last_number

    def armed_for(self, exchange: Exchange, label: str) -> list[ArmedFault]:
        """Give the armed faults that may strike a request, which are none where it asks for one."""
        if exchange.request.exact_header(HEADER) is not None:
            return []
        return [one for one in self.armed() if one.is_for(exchange, label)]

    def disarm(self, fault_id: str | None = None) -> bool:
        """Disarm one fault, or all, and let those go who wait; tell whether there was one."""
        named = self._armed if fault_id is None else [fault_id]
        disarmed = [one for name in list(named) if (one := self._armed.pop(name, None))]
        for one in disarmed:
            one.release()
        return bool(disarmed)

    def hold_nobody(self) -> None:
        """Let those go who wait, and all who come; what is armed stays."""
        for one in self.armed():
            one.gate.remove()

    def find(self, fault_id: str) -> ArmedFault | None:
        """Give an armed fault."""
        return self._armed.get(fault_id)

    def armed(self) -> list[ArmedFault]:
        """Give all armed faults, in the order of arming."""
        return list(self._armed.values())

    @property
    def are_armed(self) -> bool:
        """Tell whether any fault is armed."""
        return bool(self._armed)

    def asked_for(self, exchange: Exchange, label: str) -> Strike | None:
        """Give the strike that a request asks for itself.

        Raises InvalidInputError for a header that can't be read.
        """
        asked = exchange.request.exact_header(HEADER)
        if asked is None:
            return None
        fault = read_header(asked, label, self._labels)
        armed_for_it = ArmedFault("request-header", fault, counts=Counts(1, 1))
        return Strike(armed=armed_for_it, fault=fault)

    async def look(self, exchange: Exchange, label: str, look: Look) -> None:
        """Take the look at a request that `take` needs, which then can't be interrupted."""
        while unseen := [
            step
            for one in self.armed_for(exchange, label)
            if (step := one.next_step()) is not None and look.found(step) is None
        ]:
            for step in unseen:
                await look.finds(step)

    def take(self, exchange: Exchange, label: str, look: Look) -> Strike | None:
        """Give what strikes this request of all that is armed, and count it, after a `look`."""
        armed = next((one for one in self.armed() if one.takes(exchange, label, look)), None)
        step = None if armed is None else armed.step()
        return None if armed is None or step is None else Strike(armed=armed, fault=step)
