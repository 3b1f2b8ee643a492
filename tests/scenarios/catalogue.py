"""The catalogue of what a client can get wrong: its sections, and how many cases each has."""

SECTIONS = {
    "A": ("Authorization request", 8),
    "B": ("Callback", 11),
    "C": ("Token exchange", 18),
    "D": ("Refresh", 13),
    "E": ("Resource call", 9),
    "F": ("Rate limit", 10),
    "G": ("Transport", 11),
    "H": ("Security and leaks", 7),
    "I": ("Concurrency", 7),
    "J": ("Persistence", 6),
}

CASES = [
    f"{section}{number:02}"
    for section, (_, count) in SECTIONS.items()
    for number in range(1, count + 1)
]

WITHOUT_SCENARIO = {
    "B06": "no fault sends the user back with server_error or temporarily_unavailable",
    "G10": "it is about the address that the fake listens on",
    "G11": "its faults need a door with TLS, which no scenario opens",
    "H01": "it is looked for in all scenarios",
    "H02": "it is looked for in all scenarios",
    "J05": "it is about the client's restart alone",
    "J06": "it is about the client's files alone",
}
"""Cases that no scenario shows, each with the reason."""
