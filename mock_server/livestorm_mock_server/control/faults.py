"""`/_mock/faults`: what goes wrong, and when."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..faults.armed import ArmedFault
from .bodies import read_object
from .context import not_found, sandbox_of


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


ROUTES = (
    Route("/_mock/faults", _list_faults),
    Route("/_mock/faults", _arm_fault, methods=["POST"]),
    Route("/_mock/faults", _disarm_faults, methods=["DELETE"]),
    Route("/_mock/faults/{id}", _disarm_fault, methods=["DELETE"]),
    Route("/_mock/faults/{id}/release", _release_fault, methods=["POST"]),
)
