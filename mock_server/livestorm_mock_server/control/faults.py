"""`/_mock/faults`: what goes wrong, and when."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..arming.armed import ArmedFault
from ..faults.fault import Fault
from .bodies import read_object
from .context import not_found, sandbox_of
from .operation import Operation


async def _list_faults(request: Request) -> Response:
    return JSONResponse({"faults": [_fault(one) for one in sandbox_of(request).faults.armed()]})


async def _arm_fault(request: Request) -> Response:
    armed = sandbox_of(request).faults.arm_from(await read_object(request))
    return JSONResponse(_fault(armed), status_code=201)


async def _disarm_faults(request: Request) -> Response:
    sandbox_of(request).faults.disarm()
    return Response(status_code=204)


async def _disarm_fault(request: Request) -> Response:
    fault_id = request.path_params["id"]
    if not sandbox_of(request).faults.disarm(fault_id):
        return not_found(f"there is no fault {fault_id!r}")
    return Response(status_code=204)


async def _release_fault(request: Request) -> Response:
    fault_id = request.path_params["id"]
    armed = sandbox_of(request).faults.find(fault_id)
    if armed is None:
        return not_found(f"there is no fault {fault_id!r}")
    armed.release()
    return JSONResponse(_fault(armed))


def _fault(armed: ArmedFault) -> dict[str, object]:
    return {"id": armed.id, "hits": armed.hits, **armed.fault.as_json()}


OPERATIONS = (
    Operation(
        method="GET",
        path="faults",
        summary="List the armed faults with their hits.",
        answer=_list_faults,
    ),
    Operation(
        method="POST",
        path="faults",
        summary="Arm a fault: `on`, `fault`, when to strike, and the parameters of the kind.",
        answer=_arm_fault,
        body=Fault,
        status=201,
    ),
    Operation(
        method="DELETE",
        path="faults",
        summary="Disarm all faults.",
        answer=_disarm_faults,
        status=204,
    ),
    Operation(
        method="DELETE",
        path="faults/{id}",
        summary="Disarm one fault.",
        answer=_disarm_fault,
        status=204,
    ),
    Operation(
        method="POST",
        path="faults/{id}/release",
        summary="Let the requests that wait at a barrier go on.",
        answer=_release_fault,
    ),
)
