"""schedules.yaml with mistakes: what is said about each."""

import shutil

import pytest

from schedule_files import FULL, SMALL, with_campaign


class TestProblems:
    def test_an_unknown_key_gets_the_nearest_one(self, problems):
        content = with_campaign('schedule: {every: day, at: "09:00", timezon: Europe/Paris}')

        assert problems(content) == [
            (
                "schedules.yaml:7: campaigns.weekly.schedule.timezon: unknown key"
                " - did you mean 'timezone'?"
            )
        ]

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ('quiet: "22:00-07:00"', "quiet: unknown key - move it to campaigns.weekly.schedule"),
            (
                "approval: {needed: true, ahead: 6h}",
                "approval.ahead: unknown key - move it to campaigns.weekly.schedule",
            ),
            ("local_time: true", "local_time: unknown key - move it to campaigns.weekly.email"),
        ],
    )
    def test_a_key_in_the_wrong_place_is_told_the_right_one(self, problems, line, said):
        assert any(f"campaigns.weekly.{said}" in one for one in problems(with_campaign(line)))

    def test_of_very_many_problems_the_first_two_hundred_are_told(self, problems):
        said = problems("".join(f"colour{number}: red\n" for number in range(300)))

        assert len(said) == 201
        assert said[-1] == "schedules.yaml: and 102 more - mend these first, and look again"

    def test_all_problems_come_at_once_and_by_line(self, problems):
        content = """\
timezone: Europe/Pariss
feeds:
  blog: {url: "file:feeds/bog.xml", colour: red}
  blog: {url: "https://example.org"}
campaigns:
  weekly:
    feeds: [blgo]
    posts: {at_least: -1}
    email: {audience: readers, template: weakly, via: mial}
"""

        said = problems(content)

        assert said == [
            (
                "schedules.yaml: public_url: missing key, as campaign 'weekly' has email"
                " - add 'public_url: https://news.example.org'"
            ),
            (
                "schedules.yaml: sender: missing key, as campaign 'weekly' has email"
                " - add 'sender: {name: The Weekly, email: news@example.org}'"
            ),
            (
                "schedules.yaml:1: timezone: unknown time zone 'Europe/Pariss'"
                " - did you mean 'Europe/Paris'?"
            ),
            (
                "schedules.yaml:3: feeds.blog.colour: unknown key"
                " - known are: backfill, fulltext, page_images, title, url"
            ),
            (
                "schedules.yaml:3: feeds.blog.url: there is no file 'file:feeds/bog.xml'"
                " - check the path"
            ),
            "schedules.yaml:4: feeds.blog: is written twice - keep it here or in line 3",
            (
                "schedules.yaml:7: campaigns.weekly.feeds[0]: unknown feed 'blgo'"
                " - did you mean 'blog'?"
            ),
            (
                "schedules.yaml:8: campaigns.weekly.posts.at_least: must be 1 or more"
                " - write a larger number"
            ),
            (
                "schedules.yaml:9: campaigns.weekly.email.template: there is no folder"
                " templates/weakly - did you mean 'weekly'?"
            ),
            (
                "schedules.yaml:9: campaigns.weekly.email.via: unknown channel 'mial'"
                " - known are: outbox"
            ),
        ]

    @pytest.mark.parametrize(
        "line",
        [
            "pace: 5",
            "quiet: 22:00-07:00",
        ],
    )
    def test_what_is_not_built_yet_is_an_unknown_key(self, problems, line):
        assert any("unknown key" in said for said in problems(with_campaign(line)))

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("title: 2026", "title: must be text - put it in quotes"),
            ("title: [a]", "title: must be text - "),
            ("title: ''", "title: is empty - write a text or remove the line"),
            ('title: "a\\nb"', "title: has a line break - write one line"),
            ("posts: [1]", "posts: must be a group of keys - its keys are: at_least, at_most"),
            ("posts: {at_least: '3'}", "posts.at_least: must be a whole number - "),
            ("posts: {at_least: 1.5}", "posts.at_least: must be a whole number - "),
            ("posts: {at_least: true}", "posts.at_least: must be a whole number - "),
            ("posts: {at_most: 0}", "posts.at_most: '0' is not a number of posts - "),
            ("posts: {hold: 30}", "posts.hold: '30' is not a length of time - write a number and"),
            ("posts: {hold: 99999d}", "posts.hold: '99999d' is not a length of time"),
            ("posts: {topics: ia}", "posts.topics: must be a list - write it in brackets"),
            ("posts: {topics: [1]}", "posts.topics[0]: must be text - put it in quotes"),
            ("approval: {needed: perhaps}", "approval.needed: must be true or false - "),
            ("approval: {needed: true, deadline: 0h}", "approval.deadline: leaves no time - "),
            ("approval: {needed: true, by: [1]}", "approval.by: must be a name - write it"),
            ("approval: {needed: true, otherwise: send}", "otherwise: needs deadline beside it"),
            ("approval: {needed: true, deadline: 4h, otherwise: wait}", "approval.otherwise: "),
            ("approval: {}", "approval.needed: missing key - add 'needed: true'"),
            ("approval:", "approval: has no value - write one or remove the line"),
            ("schedule: {every: tuesday}", "schedule.at: missing key - add 'at: \"09:00\"'"),
            (
                "schedule: {every: tuesdy, at: '9:00'}",
                "every: unknown day 'tuesdy' - did you mean 'tu",
            ),
            ("schedule: {every: [], at: '9:00'}", "schedule.every: must be a day - "),
            (
                "schedule: {every: [day], at: '9:00'}",
                "every: unknown day 'day' - known are: friday",
            ),
            (
                "schedule: {every: day, at: 540}",
                'at: is the number 540 - write the time in quotes: at: "',
            ),
            ("schedule: {every: day, at: 24:00}", "at: '24:00' is not a time of day - "),
            ("schedule: {every: day, at: 9am}", "at: '9am' is not a time of day - "),
            (
                "schedule: {every: day, at: '9:00', timezone: Europe}",
                "unknown time zone 'Europe' - ",
            ),
            ("schedule: {every: day, at: '9:00', timezone: paris}", "did you mean 'Europe/Paris'?"),
            (
                "schedule: {every: day, at: '9:00', timezone: ../x}",
                "write a name such as Europe/Paris",
            ),
            (
                "email: {audience: ../x, template: weekly}",
                "email.audience: '../x' cannot be a name - ",
            ),
            ("email: {audience: readers}", "email.template: missing key - add 'template: weekly'"),
            ("email: weekly", "email: must be a group of keys - its keys are: audience, template"),
        ],
    )
    def test_a_wrong_value_gets_plain_words_and_its_line(self, problems, line, said):
        [first] = [one for one in problems(with_campaign(line)) if said in one]

        assert first.startswith("schedules.yaml:7: campaigns.weekly.")

    @pytest.mark.parametrize(
        ("social", "said"),
        [
            ("[{each: posts}]", "social[0].each: unknown value 'posts' - did you mean 'post'?"),
            ("[{}]", "social[0].template: missing key - name a folder of templates/"),
            ("[{template: wekly}]", "there is no folder templates/wekly - did you mean 'weekly'?"),
            ("[{template: weekly, via: mastodn}]", "social[0].via: unknown channel 'mastodn' - "),
            ("[{template: weekly}, {template: weekly}]", "[1].via: channel 'outbox' is used twice"),
            ("{template: weekly}", "social: must be a list - "),
            ("[]", "weekly: has neither email nor social - add at least one of them"),
        ],
    )  # fmt: skip
    def test_wrong_snippets_get_plain_words(self, problems, social, said):
        found = problems(SMALL.replace("[{template: weekly}]", social))

        assert any(said in one for one in found)

    @pytest.mark.parametrize(
        ("pace", "said"),
        [
            ("5", "pace: must be a group of keys - its keys are: per_second, per_day, per_domain,"),
            ("{per_minute: 5}", "pace.per_minute: unknown key - known are: connections, per_day,"),
            ("{per_second: 0}", "pace.per_second: '0' is not a number of messages a second - "),
            ("{per_second: fast}", "pace.per_second: 'fast' is not a number of messages a second"),
            ("{per_second: true}", "pace.per_second: 'True' is not a number of messages a second"),
            ("{per_second: 0.001}", "write a number from 0.01 to 10000, such as 50"),
            ("{per_second: ~}", "pace.per_second: has no value - write one or remove the line"),
            ("{per_day: 0}", "pace.per_day: must be 1 or more - write a larger number"),
            ("{per_day: 1.5}", "pace.per_day: must be a whole number - write it in digits"),
            ("{per_domain: 5}", "pace.per_domain: must be a group of keys - "),
            ("{per_domain: {gmail.com: 0}}", "pace.per_domain.gmail.com: '0' is not a number of"),
            ("{per_domain: {gmail: 5}}", "pace.per_domain.gmail: 'gmail' is not a domain - "),
            ("{connections: 0}", "pace.connections: must be 1 or more - write a larger number"),
            ("{connections: 5000}", "pace.connections: must be 1000 or less - write a smaller"),
            ("{per_day: 9, warm_up: {first: 1}}", "warm_up.days: missing key - add 'days: 14'"),
            (
                "{warm_up: {first: 200, days: 14}}",
                "pace.warm_up: needs per_day beside it - add per_day: what it leads up to",
            ),
            (
                "{per_day: 100, warm_up: {first: 200, days: 14}}",
                "warm_up: begins with 200, which is more than per_day - begin with fewer than 100",
            ),
        ],
    )
    def test_a_wrong_pace_gets_plain_words_and_its_line(self, problems, pace, said):
        channels = f"channels:\n  mail:\n    provider: smtp\n    pace: {pace}\n"

        [found] = problems(channels + SMALL)

        assert said in found
        assert found.startswith("schedules.yaml:4: channels.mail.pace")

    @pytest.mark.parametrize(
        ("keys", "said"),
        [
            (
                "provider: SendGrid",
                "provider: no provider is called 'SendGrid' - write it as 'send",
            ),
            (
                "provider: sendgrid, api_key: env:KEY",
                "api_key: unknown key - known are: budget, dkim, options, pace, provider; a key",
            ),
            ("provider: smtp, option: {}", "option: unknown key - did you mean 'options'?"),
        ],
    )
    def test_a_channel_in_the_words_of_the_service_says_how_it_is_written(
        self, problems, keys, said
    ):
        [found] = problems(f"channels: {{mail: {{{keys}}}}}\n{SMALL}")

        assert f"channels.mail.{said}" in found

    def test_a_wrong_day_does_not_make_the_warm_up_wrong_too(self, problems):
        pace = "{per_day: 0, warm_up: {first: 200, days: 14}}"

        [found] = problems(f"channels: {{mail: {{provider: smtp, pace: {pace}}}}}\n{SMALL}")

        assert "pace.per_day" in found

    @pytest.mark.parametrize(
        ("email", "said"),
        [
            ("via: []", "email.via: must be a channel - write its name, or several: [mail, backup"),
            ("via: {mail: 1}", "email.via: must be a channel - "),
            ("via: [mail, 3]", "email.via: must be a channel - "),
            ("via: [outbox, bakup]", "email.via[1]: unknown channel 'bakup' - did you mean 'back"),
            ("via: [mail, mail]", "email.via[1]: channel 'mail' is named twice - name it once"),
            ("via: [My Mail]", "email.via: 'My Mail' cannot be a name - "),
            (
                "pause_at: 10",
                "email.pause_at: '10' is not a share - write it such as 10%, or never",
            ),
            ("pause_at: 0%", "email.pause_at: '0%' is not a share - "),
            ("pause_at: 101%", "email.pause_at: '101%' is not a share - "),
            ("pause_at: sometimes", "email.pause_at: 'sometimes' is not a share - "),
        ],
    )
    def test_wrong_channels_and_shares_get_plain_words_and_their_line(self, problems, email, said):
        found = problems(FULL.replace("via: mail", email))

        line = FULL[: FULL.index("email: {audience")].count("\n") + 1
        assert any(said in one for one in found)
        assert all(one.startswith(f"schedules.yaml:{line}: campaigns.") for one in found)

    def test_snippets_go_out_by_one_channel(self, problems):
        found = problems(SMALL.replace("{template", "{via: [outbox, outbox], template"))

        assert any("social[0].via: must be text" in one for one in found)

    @pytest.mark.parametrize(
        ("feed", "said"),
        [
            ("{}", "url: missing key - add 'url: https://blog.example.org/feed.xml'"),
            (
                "{url: example.org}",
                "url: 'example.org' is not a web address - write it with https://",
            ),
            ("{url: 'ftp://example.org'}", "is not a web address"),
            ("{url: 'http://[x'}", "is not a web address"),
            ("{url: 'https://h:99999/'}", "is not a web address"),
            ("{url: 'file:/etc/passwd'}", "is not a file of this workspace"),
            ("{url: 'file:feeds/../../x'}", "is not a file of this workspace"),
            ("{url: 'file:'}", "is not a file of this workspace"),
            ("{url: 'file:feeds'}", "there is no file 'file:feeds'"),
            ("{url: 'file:link.xml'}", "is a link that leads out of the workspace - copy the file"),
            ("{url: 'https://h', backfill: 1.5}", "'1.5' is not an amount of posts"),
            ("{url: 'https://h', backfill: -1}", "'-1' is not an amount of posts"),
            ("{url: 'https://h', backfill: since 2026-02-31}", "there is no day 2026-02-31"),
            ("https://h", "must be a group of keys"),
        ],
    )
    def test_a_wrong_feed_gets_plain_words(self, problems, folder, tmp_path_factory, feed, said):
        outside = tmp_path_factory.mktemp("outside") / "secret.xml"
        outside.write_text("x")
        (folder / "link.xml").symlink_to(outside)

        found = problems(SMALL.replace('{url: "file:feeds/blog.xml"}', feed))

        assert any(said in one for one in found)
        assert all(one.startswith("schedules.yaml:2: feeds.blog") for one in found)

    def test_a_password_in_an_address_is_refused_and_not_shown(self, problems):
        feed = "{url: 'https://ada:hunter2@example.org/feed'}"

        [said] = problems(SMALL.replace('{url: "file:feeds/blog.xml"}', feed))

        assert "secrets are not written in this file" in said
        assert "hunter2" not in said

    @pytest.mark.parametrize("name", ["Weekly", "my blog", "-x", "é", "a" * 65, "a/b"])
    def test_a_name_that_cannot_be_one_is_refused(self, problems, name):
        [said] = problems(SMALL.replace("  weekly:", f"  {name}:"))

        assert said.startswith("schedules.yaml:4: campaigns.")
        assert "cannot be a name - use lower-case letters, digits, - and _" in said

    @pytest.mark.parametrize("key", ["feeds", "campaigns"])
    def test_a_file_without_its_main_keys_says_so(self, problems, key):
        [said] = problems({"feeds": "campaigns: {}", "campaigns": "feeds: {}"}[key])

        assert said.startswith(f"schedules.yaml: {key}: missing key - add '{key}: {{")

    @pytest.mark.parametrize("locale", ["english", "xx", "fr-XX", "''"])
    def test_an_unknown_language_is_refused(self, problems, locale):
        [said] = problems(f"locale: {locale}\n{SMALL}")

        assert "write a code such as fr, en or fr-CA" in said

    @pytest.mark.parametrize(
        "line",
        [
            "sender: {name: A, email: a@b}",
            "public_url: 'https://a.org?x=1'",
            "public_url: news.org",
        ],
    )
    def test_a_publisher_nobody_could_answer_is_refused(self, problems, line):
        [said] = problems(f"{line}\n{SMALL}")

        assert said.startswith("schedules.yaml:1: ")

    @pytest.mark.parametrize("missing", ["subject.txt", "digest.mjml", "digest.txt", "snippet.txt"])
    def test_a_template_without_a_file_it_needs_names_the_file(self, problems, folder, missing):
        (folder / "templates" / "weekly" / missing).unlink()

        said = problems(FULL)

        assert len(said) == 1
        assert f"templates/weekly has no {missing} - add that file" in said[0]

    def test_without_any_template_the_advice_does_not_pretend(self, problems, folder):
        shutil.rmtree(folder / "templates")

        [said] = problems(SMALL)

        assert said.endswith("there is no folder templates/weekly - there is none yet")

    def test_a_feed_named_twice_is_named_once_too_often(self, problems):
        [said] = problems(SMALL.replace("[blog]", "[blog, blog]"))

        assert "feeds[1]: feed 'blog' is named twice - name it once" in said

    def test_a_campaign_without_feeds_is_refused(self, problems):
        [said] = problems(SMALL.replace("[blog]", "[]"))

        assert "feeds: must be a list with at least one name" in said
