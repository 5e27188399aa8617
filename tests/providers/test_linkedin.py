from dispatch.testing.contract import ProviderContract
from vendors.networks.linkedin import NETWORK


class TestLinkedin(ProviderContract):
    def provider(self, http, secret):
        return NETWORK.provider(http, secret)

    def accepted(self, request):
        return NETWORK.answer(request)

    def prepares(self, request):
        return NETWORK.prepares(request)
