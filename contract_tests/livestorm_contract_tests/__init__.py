"""Contract tests that judge any client's error handling against the fake.

To judge a client of your own, write a class with the operations of `adapter.Adapter` around your
own call layer, not around the library below it, and run

    pytest contract_tests --adapter your_package.your_module:YourAdapter

The option may be repeated; without it, the reference client is judged. It feeds the fixture
`adapter`, which a `conftest.py` may override instead.
"""
