"""`/_mock/faults`: what goes wrong, and when."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..faults.fault import Fault
from .answers import Armed, FaultKinds, Faults
from .bodies import read_object
from .context import not_found, sandbox_of
from .operation import operation


@operation("GET", "faults", answers=Faults)
async def list_faults(request: Request) -> Response:
    """List the armed faults with their hits."""
    return JSONResponse({"faults": [one.as_json() for one in await sandbox_of(request).armed()]})


@operation("GET", "faults/kinds", answers=FaultKinds)
async def list_kinds(request: Request) -> Response:
    """Describe each kind of fault: where and when it can strike, and its keys."""
    from .fault_kinds import fault_kinds

    del request
    return JSONResponse(await asyncio.to_thread(fault_kinds))


@operation("POST", "faults", body=Fault, status=201, answers=Armed)
async def arm_fault(request: Request) -> Response:
    """Arm a fault: `on`, `fault`, when to strike, and the parameters of the kind."""
    sandbox, keys = sandbox_of(request), await read_object(request)
    armed = await sandbox.change(lambda: sandbox.faults.arm_from(keys))
    return JSONResponse(armed.as_json(), status_code=201)


@operation("DELETE", "faults", status=204)
async def disarm_faults(request: Request) -> Response:
    """Disarm all faults."""
    sandbox = sandbox_of(request)
    await sandbox.change(lambda: sandbox.faults.disarm())
    return Response(status_code=204)


@operation("DELETE", "faults/{id}", status=204, missing="fault")
async def disarm_fault(request: Request) -> Response:
    """Disarm one fault."""
    sandbox, fault_id = sandbox_of(request), request.path_params["id"]
    if not await sandbox.change(lambda: sandbox.faults.disarm(fault_id)):
        return not_found(f"there is no fault {fault_id!r}")
    return Response(status_code=204)


@operation("POST", "faults/{id}/release", missing="fault", answers=Armed)
async def release_fault(request: Request) -> Response:
    """Let the requests that wait at a barrier go on."""
    sandbox, fault_id = sandbox_of(request), request.path_params["id"]
    armed = next((one for one in await sandbox.armed() if one.id == fault_id), None)
    if armed is None:
        return not_found(f"there is no fault {fault_id!r}")
    await sandbox.release(armed)
    return JSONResponse(armed.as_json())
