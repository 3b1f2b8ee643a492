"""P03: clients that are wrong about an answer of the API."""

from livestorm_contract_tests.properties.answers.answer import Answer
from livestorm_contract_tests.properties.answers.api_answers import JSONAPI
from livestorm_contract_tests.properties.answers.oddities import dump
from livestorm_contract_tests.properties.draw import one_call
from livestorm_contract_tests.properties.script import Seed

from ..model_client.api_calls import ApiCalls
from ..model_client.values import Message
from .shared.curious import AsksFourTimes, IntroducesItself
from .shared.fragile import StaysDown
from .shared.limited import HasNoWordForOutages, IgnoresRetryAfter
from .shared.refreshed import RefreshesWithWhatItSent
from .shared.scripts import BUSY, LIMITED, armed
from .shared.stored import StoresNoRefreshToken
from .shared.talkative import SendsItInTheQueryToo, ShowsItsSettings
from .table import Bite, Table

DOCUMENT = Answer(status=200, content_type=JSONAPI, body=dump({"data": {"type": "a", "id": "1"}}))

CALL_AFTER_REFRESH = one_call(Seed(expired=True), [armed(DOCUMENT, "api")])
LIMITED_CALL = one_call(Seed(), [armed(LIMITED, "api")])
BUSY_CALL = one_call(Seed(), [armed(BUSY, "api")])


class RefreshesForEver(ApiCalls):
    """Refreshes at each 401, however often."""

    def call(self, message: Message) -> Message:
        """Try five times."""
        name = message.get("user", "u1")
        store, user = self.client.store, self.client.store.user(name)
        for _ in range(5):
            stored = store.load(user) or {}
            answer = self.call_api(user, "GET", message["path"], message, stored, most=1)
            if answer.status != 401:
                break
            self.client.refreshing.refresh(name, user, stored["access_token"])
        self.read_document(answer, message["path"])
        return {"http_status": answer.status}


TABLE = Table(
    [
        Bite(IntroducesItself, {"INV-1"}, script=CALL_AFTER_REFRESH),
        Bite(StoresNoRefreshToken, {"INV-2"}, script=CALL_AFTER_REFRESH),
        Bite(RefreshesWithWhatItSent, {"INV-3"}, script=CALL_AFTER_REFRESH),
        Bite(AsksFourTimes, {"INV-4"}, script=CALL_AFTER_REFRESH),
        Bite(IgnoresRetryAfter, {"INV-5"}, script=LIMITED_CALL),
        Bite(ShowsItsSettings, {"INV-6"}, script=BUSY_CALL),
        Bite(SendsItInTheQueryToo, {"INV-6"}, script=BUSY_CALL),
        Bite(HasNoWordForOutages, {"INV-7"}, script=BUSY_CALL),
        Bite(StaysDown, {"INV-9"}, script=BUSY_CALL),
        Bite(RefreshesForEver, {"INV-4"}),
        Bite(IgnoresRetryAfter, {"INV-5"}),
    ],
)
