"""What a client has to know of a sandbox: the object that `serve --json` prints."""

import msgspec

from .sandbox import Sandbox


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """Where a sandbox is, and the credentials of its first applications.

    `/oauth/authorize` is appended to `app_url`, `/me` to `api_url`; `other_url` is another origin
    of the same server, to which faults redirect. `ca_file` is what clients have to trust that speak
    HTTPS to it, None where it speaks HTTP alone. `proxy_url` is a proxy behind which Livestorm's
    hosts are this sandbox; None without one.
    """

    id: str | None
    app_url: str
    api_url: str
    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]
    public_client_id: str | None
    control_url: str
    other_url: str
    ca_file: str | None
    proxy_url: str | None


async def describe(sandbox: Sandbox, base_url: str | None = None) -> Description:
    """Describe a sandbox; `base_url` is how the one who asks addressed the server."""
    base = sandbox.addresses.url(base_url) + sandbox.prefix
    applications = await sandbox.store.applications()
    application = next((one for one in applications if one.confidential), applications[0])
    public = next((one for one in applications if not one.confidential), None)
    return Description(
        id=sandbox.id,
        app_url=base,
        api_url=f"{base}/v1",
        client_id=application.client_id,
        client_secret=application.client_secret,
        redirect_uris=application.redirect_uris,
        public_client_id=None if public is None else public.client_id,
        control_url=f"{base}/_mock",
        other_url=sandbox.addresses.other(base_url) + sandbox.prefix,
        ca_file=sandbox.addresses.ca_file,
        proxy_url=sandbox.addresses.proxy_url if sandbox.id is None else None,
    )


async def describe_as_json(sandbox: Sandbox, base_url: str | None = None) -> dict[str, object]:
    """Give the description as a JSON object; what does not apply is left out."""
    described = await describe(sandbox, base_url)
    members = {
        "id": described.id,
        "app_url": described.app_url,
        "api_url": described.api_url,
        "client_id": described.client_id,
        "client_secret": described.client_secret,
        "redirect_uris": list(described.redirect_uris),
        "public_client_id": described.public_client_id,
        "private_token": sandbox.signing.private_token if sandbox.options.private_tokens else None,
        "control_url": described.control_url,
        "other_url": described.other_url,
        "ca_file": described.ca_file,
        "proxy_url": described.proxy_url,
    }
    return {name: value for name, value in members.items() if value is not None}
