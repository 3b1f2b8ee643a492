"""A plugin of pytest: the tests' process takes over the locale of the environment, as some do."""

import locale

locale.setlocale(locale.LC_ALL, "")
