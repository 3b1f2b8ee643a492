"""What Sphinx makes of the pages: each is at the path that it has in the repository."""

import tomllib

from tests.pages.site.navigation import ROOT, pages

_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = author = _PROJECT["name"]
version = release = _PROJECT["version"]
language = "en"

extensions = ["myst_parser", "tests.pages.site.extension"]
root_doc = "README"
include_patterns = pages()
exclude_patterns = [".*", "**/node_modules", "build"]
source_suffix = {".md": "markdown"}
# The addresses of headings are those of GitHub, so that a link leads to the same place in both.
myst_heading_anchors = 6
highlight_language = "none"

html_theme = "furo"
html_title = f"{project} {version}"
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
