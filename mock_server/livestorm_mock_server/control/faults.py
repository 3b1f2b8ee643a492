"""`/_mock/faults`: what goes wrong, and when."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..arming.armed import ArmedFault
from ..faults.fault import Fault
from .answers import Armed, Faults
from .bodies import read_object
from .context import not_found, sandbox_of
from .operation import operation


@operation("GET", "faults", answers=Faults)
async def list_faults(request: Request) -> Response:
    """List the armed faults with their hits."""
    return JSONResponse({"faults": [_fault(one) for one in sandbox_of(request).faults.armed()]})


@operation("POST", "faults", body=Fault, status=201, answers=Armed)
async def arm_fault(request: Request) -> Response:
    """Arm a fault: `on`, `fault`, when to strike, and the parameters of the kind."""
    armed = sandbox_of(request).faults.arm_from(await read_object(request))
    return JSONResponse(_fault(armed), status_code=201)


@operation("DELETE", "faults", status=204)
async def disarm_faults(request: Request) -> Response:
    """Disarm all faults."""
    sandbox_of(request).faults.disarm()
    return Response(status_code=204)


@operation("DELETE", "faults/{id}", status=204, missing="fault")
async def disarm_fault(request: Request) -> Response:
    """Disarm one fault."""
    fault_id = request.path_params["id"]
    if not sandbox_of(request).faults.disarm(fault_id):
        return not_found(f"there is no fault {fault_id!r}")
    return Response(status_code=204)


@operation("POST", "faults/{id}/release", missing="fault", answers=Armed)
async def release_fault(request: Request) -> Response:
    """Let the requests that wait at a barrier go on."""
    fault_id = request.path_params["id"]
    armed = sandbox_of(request).faults.find(fault_id)
    if armed is None:
        return not_found(f"there is no fault {fault_id!r}")
    armed.release()
    return JSONResponse(_fault(armed))


def _fault(armed: ArmedFault) -> dict[str, object]:
    return {"id": armed.id, "hits": armed.hits, **armed.fault.as_json()}
