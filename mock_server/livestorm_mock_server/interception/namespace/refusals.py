"""Why a system does not let an ordinary user have namespaces."""

from pathlib import Path
from typing import Final

from msgspec import Struct

_SYSTEM: Final = Path("/proc/sys")


class Switch(Struct, frozen=True):
    """A setting of the kernel that forbids namespaces where it has a value."""

    name: str
    value: str
    who: str
    mend: str


_SWITCHES: Final = (
    # https://ubuntu.com/blog/ubuntu-23-10-restricted-unprivileged-user-namespaces
    Switch(
        "kernel.apparmor_restrict_unprivileged_userns",
        "1",
        "AppArmor",
        "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile that"
        " lets this Python have `userns`",
    ),
    Switch(
        "kernel.unprivileged_userns_clone",
        "0",
        "the system",
        "sudo sysctl kernel.unprivileged_userns_clone=1",
    ),
    *(
        Switch(name, "0", "the system", f"sudo sysctl {name}=15000")
        for name in ("user.max_user_namespaces", "user.max_net_namespaces")
    ),
)


def forbidding() -> Switch | None:
    """Give the setting that forbids them on this machine, None where none does."""
    return next((one for one in _SWITCHES if _read(_place(one.name)) == one.value), None)


def reason(error: OSError) -> str:
    """Say who refuses, in half a sentence."""
    told = error.strerror or str(error)
    if (one := forbidding()) is not None:
        return f"namespaces are refused by {one.who} ({one.name} = {one.value}; {told})"
    if "\nSeccomp:\t2" in _read(Path("/proc/self/status")):
        return f"namespaces are refused by a seccomp filter, as of a container ({told})"
    where = f" at {error.filename}" if error.filename else ""
    return f"namespaces are refused by the system ({told}{where})"


def _place(name: str) -> Path:
    return _SYSTEM / name.replace(".", "/")


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii", errors="replace").strip()
    except OSError:
        return ""
