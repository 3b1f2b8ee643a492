"""What axe-core finds on a page (https://github.com/dequelabs/axe-core)."""

from ..contract_tests.report.node_folder import npm_file
from .page import Page

_RUN = (
    "axe.run(document, {resultTypes: ['violations']}).then((told) => told.violations.map("
    "(one) => [one.id, one.help, one.nodes.length, one.nodes[0].html]))"
)


def violations(page: Page) -> object:
    """Give the rules that a page breaks, each with an element; without npm the test is skipped."""
    page.evaluate(npm_file("axe-core/axe.min.js"))
    return page.evaluate(_RUN)
