"""What Sphinx does not know by itself: the navigation, folders, and the pages as text."""

import shutil
from pathlib import Path, PurePosixPath
from typing import Any

from docutils import nodes
from pygments.lexers.special import TextLexer
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

from .accessible import mend
from .navigation import HOME, MAP, ROOT, sections
from .plain import write_plain


def setup(app: Sphinx) -> dict[str, Any]:
    """Add all of it."""
    # Requests to the control API are a line each, which the lexer for HTTP takes for broken.
    app.add_lexer("http", TextLexer)
    app.connect("source-read", _add_navigation)
    app.connect("doctree-read", _leave_folders_out)
    app.connect("html-page-context", _link_to_markdown)
    app.connect("build-finished", _complete)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _add_navigation(_: Sphinx, docname: str, source: list[str]) -> None:
    """Have the first page name the others, for the bar at the side."""
    if f"{docname}.md" == HOME:
        named = {"": [MAP], **{title: [one.path for one in at] for title, at in sections().items()}}
        source[0] += "".join(_toctree(title, paths) for title, paths in named.items())


def _toctree(caption: str, paths: list[str]) -> str:
    told = f":caption: {caption}\n" if caption else ""
    return "\n```{toctree}\n:hidden:\n" + told + "\n" + "\n".join(paths) + "\n```\n"


def _leave_folders_out(app: Sphinx, tree: nodes.document) -> None:
    """A folder of the repository, to which GitHub leads, is not on the site: its name stays."""
    folder = (ROOT / app.env.docname).parent
    for link in [*tree.findall(pending_xref)]:
        if (folder / link["reftarget"]).is_dir():
            link.replace_self(link.children)


def _link_to_markdown(
    _: Sphinx, pagename: str, __: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if doctree is not None:
        name = PurePosixPath(pagename).name
        link = f'<link rel="alternate" type="text/markdown" href="{name}.md" title="Markdown">'
        context["metatags"] = context.get("metatags", "") + link


def _complete(app: Sphinx, failure: Exception | None) -> None:
    if failure is None:
        site = Path(app.outdir)
        mend(site)
        write_plain(site)
        # The first page lies at the root, so that its links are right under this name, too.
        shutil.copyfile(site / "README.html", site / "index.html")
