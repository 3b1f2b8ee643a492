"""D13: clients that do not give up."""

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.api_calls import ApiCalls
from ..model_client.values import Answer, Failure, Message
from .shared.refreshed import RefreshesTwice
from .shared.refused import RepeatsRefusedCalls
from .table import Bite, Table


class CallsItUnreadable(ApiCalls):
    """Has no word for a 401."""

    def read_document(self, answer: Answer, path: str) -> object:
        """Report something else."""
        if answer.status == 401:
            raise Failure(Kind.PROTOCOL_ERROR, "no document came", status=401)
        return super().read_document(answer, path)


class DropsTokensOnAnyRefusal(ApiCalls):
    """Deletes the tokens because the API refused one."""

    def fetch(self, message: Message) -> tuple[int, object]:
        """Delete them."""
        try:
            return super().fetch(message)
        except Failure as failure:
            store, user = self.client.store, self.client.operations.user_of(message)
            if failure.status == 401:
                store.save(user, {**(store.load(user) or {}), "refresh_token": None})
            raise


TABLE = Table(
    [
        Bite(CallsItUnreadable, {"kind"}),
        Bite(RepeatsRefusedCalls, {"bounded"}),
        Bite(RefreshesTwice, {"one-refresh"}),
        Bite(DropsTokensOnAnyRefusal, {"tokens-kept"}),
    ],
)
