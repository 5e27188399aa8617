"""Entry points lead to providers, and broken ones to a clear sentence."""

import subprocess
import sys

import pytest

from dispatch.channels.find import find_provider, provider_names
from dispatch.errors import NotFound


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Puts a package with one entry point on the path, as pip would."""
    monkeypatch.syspath_prepend(tmp_path)

    def install(package, entry, module="", source=""):
        info = tmp_path / f"{package}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[dispatch.providers]\n{entry}\n")
        if module:
            (tmp_path / f"{module}.py").write_text(source)
            monkeypatch.delitem(sys.modules, module, raising=False)

    return install


def test_names_all_installed_providers():
    names = provider_names()

    assert {"mastodon", "outbox", "smtp", "webhook"} <= set(names)
    assert list(names) == sorted(names)


def test_names_a_provider_without_importing_it(install):
    install("broken-plugin", "broken = broken_plugin:Broken", "broken_plugin", "1 / 0")

    names = provider_names()

    assert "broken" in names
    assert "broken_plugin" not in sys.modules


def test_finding_one_imports_no_other():
    code = (
        "import sys; from dispatch.channels.find import find_provider; find_provider('sendgrid');"
        "print(*(one for one in sys.modules if one.startswith('dispatch.providers.')))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["dispatch.providers.sendgrid"]


def test_finds_a_provider_by_its_name():
    assert find_provider("outbox").__name__ == "Outbox"


def test_suggests_the_name_that_was_meant():
    with pytest.raises(NotFound, match=r"^provider 'smpt': unknown - did you mean 'smtp'\?$"):
        find_provider("smpt")


def test_says_which_package_is_broken_and_why(install):
    install("broken-plugin", "broken = broken_plugin:Broken", "broken_plugin", "import no_such_it")

    with pytest.raises(NotFound) as raised:
        find_provider("broken")

    assert "No module named 'no_such_it'" in str(raised.value)
    assert str(raised.value).endswith("- update or remove broken-plugin 1.0")


def test_says_what_a_provider_lacks(install):
    install("half-plugin", "half = half_plugin:Half", "half_plugin", "class Half:\n  send = 1\n")

    with pytest.raises(NotFound, match="lacks Options, capabilities, check - update or remove"):
        find_provider("half")


def test_does_not_choose_between_two_packages(install):
    install("one-plugin", "twice = one_plugin:One")
    install("two-plugin", "twice = two_plugin:Two")

    with pytest.raises(NotFound, match=r"offered by one-plugin 1\.0, two-plugin 1\.0 - remove all"):
        find_provider("twice")
