"""`make docs`: write all pages anew."""

from .made import MADE, ROOT, updated

for name in MADE:
    path = ROOT / name
    path.write_text(updated(name, path.read_text(encoding="utf-8")), encoding="utf-8")
