"""Contract tests that judge any client's error handling against the fake.

`livestorm-mock check --client COMMAND` runs them against an adapter in any language,
`pytest_suite.ContractSuite` gives a test for each case in a team's own pytest. The cases stand in
`cases/`, a file each; `properties/` has what Hypothesis draws, `invariants/` what must hold
whatever comes.
"""
