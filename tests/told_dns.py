"""A DNS of a table, without a network: for what is made of answers."""

from collections.abc import Mapping, Sequence
from ipaddress import ip_address

from dispatch.channels.dns.lookups import Answer

Zone = Mapping[str, Mapping[str, Sequence[str]] | str]


class ToldDns:
    """Name to kind to records; a text in their place is why nothing is known."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone

    def ask(self, name: str, kind: str) -> Answer:
        records = self.zone.get(name.lower())
        if isinstance(records, str):
            return Answer(problem=records)
        if records is None:
            return Answer(exists=any(one.endswith(f".{name}") for one in self.zone))
        return Answer(tuple(records.get(kind, ())))

    def addresses(self, name: str) -> Answer:
        four, six = self.ask(name, "A"), self.ask(name, "AAAA")
        return Answer(four.records + six.records, four.exists, four.problem)

    def hosts(self, address: str) -> Answer:
        return self.ask(ip_address(address).reverse_pointer, "PTR")
