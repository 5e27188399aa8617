"""Which name server is asked, where it is not this machine's own."""

from ipaddress import ip_address

DNS_PORT = 53


def split_server(server: str) -> tuple[str, int]:
    """An IP address and a port, 53 by default; raises ValueError.

    >>> split_server("[2606:4700:4700::1111]:53"), split_server("9.9.9.9")
    (('2606:4700:4700::1111', 53), ('9.9.9.9', 53))
    """
    host, colon, port = server.rpartition(":")
    if not colon or ("]" not in host and ":" in host):
        host, port = server, str(DNS_PORT)
    address = str(ip_address(host.strip("[]")))
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65_536:
        raise ValueError(f"{port!r} is no port")
    return address, int(port)
