"""Opening the stage of a case: a fake on a fresh port, and the client configured for it."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

from ..driving.secret_forms import secrets_of
from ..fake.control import ControlAPI, Sandbox
from ..fake.server import Registration, start_fake
from .case import Case, Variant
from .client import Client, Configuration, redirect_uri_of
from .contact import in_contact
from .pool import Lease
from .settings import Settings
from .stage import Stage
from .tokens import token
from .verdict_book import VerdictBook


@contextmanager
def open_stage(case: Case, variant: Variant, lease: Lease, settings: Settings) -> Iterator[Stage]:
    """Serve a fake of its own to the client, and configure the client for it.

    Credentials are random for each case, and the same for each seed.
    """
    own_seed = f"{settings.seed}, {case.id}, {variant.name}"
    auth_method = lease.carrier.ready.features.auth_methods[0]
    registration = Registration(
        client_id=f"client-{token(Random(f'{own_seed}, id'))}{variant.credentials_hold}",
        client_secret=token(Random(f"{own_seed}, secret")) + variant.credentials_hold,
        redirect_uri=redirect_uri_of(lease.carrier.ready),
        confidential=auth_method != "none",
    )
    options = {"rate_limits": False, **settings.provider, **case.provider, **variant.provider}
    with ExitStack() as stack:
        url = stack.enter_context(start_fake(case.scenario, registration, options, seed=own_seed))
        fake = stack.enter_context(ControlAPI(url)).default_sandbox()
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="livestorm-mock-"))
        configuration = Configuration(
            case=case.id,
            run=settings.seed,
            registration=registration,
            auth_method=auth_method,
            store_dir=Path(folder),
            max_wait_ms=case.max_wait_ms,
        )
        verdicts = VerdictBook(
            case.id,
            variant.name,
            checks=case.checks,
            level_of=case.level_of,
            strict=settings.strict,
            says_how=lease.carrier.ready.features.kinds == "all",
        )
        stage = Stage(
            client=Client(lease, configuration, fake, verdicts),
            fake=fake,
            verdicts=verdicts,
            random=Random(own_seed),
            patience=settings.patience,
        )
        lease.secrets.add(registration.client_secret)
        stack.callback(_learn_secrets, fake, lease)
        stack.callback(stage.stop_other_processes)
        stack.callback(stage.settle)
        stage.client.begin_case()
        with in_contact(stage):
            yield stage
        stage.client.end_case()


def _learn_secrets(fake: Sandbox, lease: Lease) -> None:
    """Keep out of the reports what was sent and answered, also in an operation without an end."""
    for exchange in fake.exchanges():
        lease.secrets.update(secrets_of(exchange))
