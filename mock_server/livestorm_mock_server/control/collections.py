"""`/_mock/collections`: the items of the API's collections, beside the API."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .. import collection_items
from .answers import Collections, Item, Items
from .bodies import ChangeBody, ItemBody, read_body
from .context import not_found, sandbox_of
from .operation import operation


@operation("GET", "collections", answers=Collections)
async def list_collections(request: Request) -> Response:
    """List the types of items, with the paths of the API at which they are, and how many."""
    return JSONResponse({"collections": collection_items.describe(sandbox_of(request))})


@operation("GET", "collections/{type}", answers=Items, missing="type")
async def list_items(request: Request) -> Response:
    """List the items of a type, in order."""
    type_name = request.path_params["type"]
    if (missing := _missing(request)) is not None:
        return missing
    return JSONResponse(
        {"items": await collection_items.list_items(sandbox_of(request), type_name)}
    )


@operation("POST", "collections/{type}", body=ItemBody, status=201, answers=Item, missing="type")
async def add_item(request: Request) -> Response:
    """Add an item, whatever the API would say to it; gives it with its id."""
    body = await read_body(request, ItemBody)
    if (missing := _missing(request)) is not None:
        return missing
    added = await collection_items.add_item(
        sandbox_of(request),
        request.path_params["type"],
        body.attributes,
        body.relationships,
        item_id=body.id,
    )
    return JSONResponse(added, status_code=201)


@operation("PATCH", "collections/{type}/{id}", body=ChangeBody, answers=Item, missing="item")
async def change_item(request: Request) -> Response:
    """Change attributes and relationships of an item; the others stay."""
    body = await read_body(request, ChangeBody)
    if (missing := _missing(request)) is not None:
        return missing
    type_name, item_id = request.path_params["type"], request.path_params["id"]
    changed = await collection_items.change_item(
        sandbox_of(request), type_name, item_id, body.attributes, body.relationships
    )
    return JSONResponse(changed)


@operation("DELETE", "collections/{type}/{id}", status=204, missing="item")
async def delete_item(request: Request) -> Response:
    """Remove an item."""
    if (missing := _missing(request)) is not None:
        return missing
    type_name, item_id = request.path_params["type"], request.path_params["id"]
    await collection_items.delete_item(sandbox_of(request), type_name, item_id)
    return Response(status_code=204)


def _missing(request: Request) -> Response | None:
    """Answer a path that leads to no type, or to no item of it."""
    content = sandbox_of(request).collections
    type_name, item_id = request.path_params["type"], request.path_params.get("id")
    if type_name not in content.types:
        return not_found(f"there is no type {type_name!r} with collections")
    if item_id is not None and content.find(type_name, item_id) is None:
        return not_found(f"there is no item {item_id!r} of the type {type_name!r}")
    return None
