"""Why a system does not let an ordinary user have namespaces."""

from pathlib import Path
from typing import Final

_SWITCHES: Final = {
    # https://ubuntu.com/blog/ubuntu-23-10-restricted-unprivileged-user-namespaces
    "kernel/apparmor_restrict_unprivileged_userns": ("1", "AppArmor"),
    "kernel/unprivileged_userns_clone": ("0", "the system"),
    "user/max_user_namespaces": ("0", "the system"),
    "user/max_net_namespaces": ("0", "the system"),
}


def reason(error: OSError) -> str:
    """Say who refuses, in half a sentence."""
    told = error.strerror or str(error)
    for name, (value, who) in _SWITCHES.items():
        if _read(Path("/proc/sys", name)) == value:
            setting = name.replace("/", ".")
            return f"namespaces are refused by {who} ({setting} = {value}; {told})"
    if "\nSeccomp:\t2" in _read(Path("/proc/self/status")):
        return f"namespaces are refused by a seccomp filter, as of a container ({told})"
    where = f" at {error.filename}" if error.filename else ""
    return f"namespaces are refused by the system ({told}{where})"


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii", errors="replace").strip()
    except OSError:
        return ""
