"""What every provider must hold to, as tests: subclass, name the class `Test...`, run pytest.

For example:

    class TestLoudspeaker(ProviderContract):
        def provider(self, http, secret):
            return Loudspeaker(LoudspeakerOptions(token=secret), http, FakeClock())

        def accepted(self, request):
            return httpx.Response(200, json={"id": "7"})

A provider that does not speak HTTP subclasses `ProviderPromises` instead. One whose service calls
back has a second class, of `HookContract`.
"""

from dispatch.testing.contract.answers import AnswerContract
from dispatch.testing.contract.batches import BatchContract
from dispatch.testing.contract.calls import CallContract
from dispatch.testing.contract.hooks import HookContract
from dispatch.testing.contract.messages import sample_messages
from dispatch.testing.contract.promises import ProviderPromises
from dispatch.testing.contract.repeating import RepeatContract
from dispatch.testing.contract.service import SECRET

__all__ = ["SECRET", "HookContract", "ProviderContract", "ProviderPromises", "sample_messages"]


class ProviderContract(
    BatchContract, AnswerContract, CallContract, RepeatContract, ProviderPromises
):
    """What holds for providers that speak HTTP: give `provider` and `accepted`.

    Override `refused_one` and `key` where the service has its own way, `prepares` where some of its
    requests show nothing to anybody, and set `reads_answer = False` where every 2xx is a yes
    whatever its body says.
    """
