"""Which addresses a feed may come from."""

from ipaddress import ip_network

import pytest

from dispatch.feeds.web.public import may_connect, meant


@pytest.mark.parametrize(
    "address",
    [
        "93.184.215.14",
        "100.128.0.1",
        "172.32.0.1",
        "2606:2800:21f::1",
        "2a01::1",
        "64:ff9b::808:808",
    ],
)
def test_what_is_public_may_be_used(address):
    assert may_connect(meant(address), ())


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.255.255.255",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.0.1",
        "169.254.1.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.5",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "100::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "5f00::1",
    ],
)
def test_what_is_not_public_may_not_be_used(address):
    assert not may_connect(meant(address), ())


@pytest.mark.parametrize(
    "address",
    [
        "::ffff:10.0.0.1",  # IPv4 written as IPv6
        "64:ff9b::10.0.0.1",  # NAT64
        "64:ff9b:1::10.0.0.1",  # NAT64 of a network's own
        "2002:0a00:0001::1",  # 6to4
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",  # Teredo
    ],
)
def test_a_private_address_inside_another_one_is_found(address):
    assert not may_connect(meant(address), ())


def test_an_allowed_network_may_be_used_however_its_address_is_written():
    allowed = [ip_network("10.1.0.0/16"), ip_network("fd12::/16")]

    assert may_connect(meant("10.1.255.1"), allowed)
    assert may_connect(meant("::ffff:10.1.0.1"), allowed)
    assert may_connect(meant("fd12::1"), allowed)
    assert not may_connect(meant("10.2.0.1"), allowed)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "fd00:ec2::254",
    ],
)
def test_what_a_cloud_tells_its_machines_is_never_fetched(address):
    everything = [ip_network("0.0.0.0/0"), ip_network("::/0")]

    assert not may_connect(meant(address), everything)
