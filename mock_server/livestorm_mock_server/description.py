"""What a client has to know of a sandbox: the object that `serve --json` prints."""

from .sandbox import Sandbox


async def describe(sandbox: Sandbox, origin: str) -> dict[str, object]:
    """Describe a sandbox behind an origin such as `http://127.0.0.1:8787`.

    `/oauth/authorize` is appended to `app_url`, `/me` to `api_url`; what does not apply is
    left out.
    """
    base = origin + sandbox.prefix
    applications = await sandbox.store.applications()
    application = next((one for one in applications if one.confidential), applications[0])
    public = next((one for one in applications if not one.confidential), None)
    members = {
        "id": sandbox.id,
        "app_url": base,
        "api_url": f"{base}/v1",
        "client_id": application.client_id,
        "client_secret": application.client_secret,
        "redirect_uris": list(application.redirect_uris),
        "public_client_id": public and public.client_id,
        "private_token": sandbox.private_token if sandbox.options.private_tokens else None,
        "control_url": f"{base}/_mock",
    }
    return {name: value for name, value in members.items() if value is not None}
