from dispatch.testing.contract import ProviderContract
from vendors.networks.x import NETWORK


class TestX(ProviderContract):
    def provider(self, http, secret):
        return NETWORK.provider(http, secret)

    def accepted(self, request):
        return NETWORK.answer(request)

    def prepares(self, request):
        return NETWORK.prepares(request)
