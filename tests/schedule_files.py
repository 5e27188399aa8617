"""Files of schedules, to load and to spoil."""

SMALL = """\
feeds:
  blog: {url: "file:feeds/blog.xml"}
campaigns:
  weekly:
    feeds: [blog]
    social: [{template: weekly}]
"""

FULL = """\
timezone: Europe/Paris
locale: fr_CA
sender: {name: La Lettre, email: lettre@example.org}
public_url: https://news.example.org/
feeds:
  blog: {url: "https://blog.example.org/feed.xml", title: Le blog}
  culture: {url: "file:feeds/blog.xml", backfill: since 2026-01-31}
channels:
  mail:
    provider: smtp
    options:
      host: smtp.example.org
      port: 587
      password: env:SMTP_PASSWORD
      nothing: ~
  backup: {provider: smtp}
campaigns:
  la-lettre_du_mardi:
    feeds: [blog, culture]
    posts: {at_least: 2, at_most: 12, hold: 30m, topics: [IA, Arts]}
    schedule: {every: tuesday, at: "09:00", late: 2h}
    approval: {needed: true}
    email: {audience: readers, template: weekly, via: mail, segment: "locale == 'fr'"}
    social: [{each: edition}]
"""


def with_campaign(more: str) -> str:
    """SMALL with one more line in its campaign, which is line 7."""
    return f"{SMALL}    {more}\n"
