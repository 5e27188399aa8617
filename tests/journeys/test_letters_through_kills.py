"""Whoever sends a letter is killed in the midst of it, and others go on: nobody gets it twice."""

import random
from dataclasses import replace

from dispatch.app.open import open_app
from dispatch.pipeline.delivery.loops import LOOP_CONNECTIONS
from dispatch.pipeline.editions.edit import Changes
from dispatch.pipeline.letters.plan import plan_of
from journey_stage import Stage, check_promises, finish, readers

KILLS = 4
PEOPLE = 600


def approved_letter(stage: Stage) -> str:
    """The id of a letter to all readers with the post of the blog, which it tells."""
    with open_app(stage.folder, environ=stage.environ) as app:
        list(app.people.import_files())
        list(app.intake.poll(list(app.workspace.feeds)))
        with app.store.read() as tx:
            [post] = tx.posts.latest()
        letter = app.letters.begin(by="ada")
        changes = Changes(add=(post.id,))
        letter = app.editions.edit(letter.id, changes, by="ada", ready=False).edition
        tells = replace(plan_of(letter.content), tells=True)
        letter = app.letters.change(letter.id, tells, by="ada").edition
        return app.letters.send(letter.id, by="ada", seen=letter.fingerprint).id


def test_kill_9_of_who_sends_a_letter(tmp_path, blog, server, arrivals, database_url):
    people = readers(PEOPLE)
    connections = (KILLS + 2) * LOOP_CONNECTIONS  # those of the dead count until their leases end
    stage = Stage(
        tmp_path / "workspace",
        feed=blog.address,
        port=server.port,
        database_url=database_url,
        connections=connections,
    )
    assert stage.run("templates", "add", "letter").returncode == 0
    stage.subscribe(*people)
    blog.publish("First light")
    letter = approved_letter(stage)
    rng = random.Random("kills of letters")

    for number in range(KILLS):
        # The command ends by itself where what is left belongs to one that was killed.
        by = ("worker", "--threads", "1") if number else ("editions", "send", letter)
        with stage.running(*by) as sender:
            arrivals.reached(len(arrivals) + rng.randint(1, PEOPLE // KILLS - 30))
            sender.kill()
    with stage.running("worker", "--threads", "1"):
        finish(stage)
    again = stage.run("editions", "send", letter)
    told = stage.run("run", "weekly")

    assert "nothing is left to send" in again.stdout
    assert "First light" not in told.stdout
    check_promises(stage, people, arrivals.copies, unknown_at_most=KILLS * LOOP_CONNECTIONS)
