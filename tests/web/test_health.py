"""/health, for whoever watches the service."""


def test_a_service_that_can_read_its_database_is_well(browser):
    answer = browser.get("/health")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert browser.head("/health").status_code == 200
    assert browser.post("/health").status_code == 405


def test_a_service_without_its_database_is_not(browser, app):
    app.store.close()
    (app.folder / "dispatch.db").write_bytes(b"damaged" * 1000)

    answer = browser.get("/health")

    assert (answer.status_code, answer.json()) == (503, {"status": "database unavailable"})
