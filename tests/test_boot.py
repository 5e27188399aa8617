"""Which start of the machine it is."""

from dispatch import boot


def test_every_process_of_a_start_sees_the_same_name(monkeypatch, tmp_path):
    told = tmp_path / "boot_id"
    told.write_text("1ecd13c9-64da-4c49-bda6-859d9abe21ad\n")
    monkeypatch.setattr(boot, "BOOT_ID", told)

    assert boot.boot_id.__wrapped__() == "1ecd13c964da4c49bda6859d9abe21ad"


def test_where_the_system_tells_none_there_is_none(monkeypatch, tmp_path):
    monkeypatch.setattr(boot, "BOOT_ID", tmp_path / "nothing")

    assert boot.boot_id.__wrapped__() == ""
