"""Which links lead to the same page: how we compare them, never what readers get to see."""

import hashlib
import re
from urllib.parse import quote, unquote_to_bytes, urlsplit

LONGEST_KEY = 500  # what every database can put into an index

# Added by those who count visitors, and by no site to tell its pages apart. Names that sites do
# use for that too (`ref`, `source`, `id`, `cid`, `si`) are not here.
_TRACKING_PREFIXES = ("utm_", "mtm_", "_hs", "__hs", "trk_", "at_custom", "vero_", "oly_")
_TRACKING = frozenset({
    "fbclid", "fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "igshid", "twclid",
    "ttclid", "li_fat_id", "epik", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "_ga", "_gl",
    "ga_source", "ga_medium", "ga_campaign", "ga_content", "ga_term", "msclkid", "yclid", "ysclid",
    "_openstat", "s_kwcid", "ef_id", "xtor", "at_medium", "at_campaign", "pk_campaign", "pk_kwd",
    "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid", "piwik_campaign", "piwik_kwd",
    "piwik_keyword", "matomo_campaign", "matomo_kwd", "mc_cid", "mc_eid", "mkt_tok",
    "hsctatracking", "_ke", "_kx", "_bta_c", "_bta_tid", "dm_i", "ml_subscriber",
    "ml_subscriber_hash", "wickedid", "rb_clickid", "spjobid", "spmailingid", "spreportid",
    "spuserid",
})  # fmt: skip
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2}|[^\x21-\x7e])+")


def canonical(link: str) -> str:
    """What is equal for links to the same page; empty for what is no web address.

    Made alike: http and https, the case of the host, `www.`, default ports, a slash at the end,
    the way of escaping, the order of parameters, and parameters that only count visitors. Not
    touched: the case of the path, `index.html`, unknown parameters, and the fragment, by which
    change logs tell their stories apart. In doubt two links are two pages: a story that is
    wrongly new is held by its likeness, one that is wrongly known would never be told.

    >>> canonical("http://www.Example.org:80/p/?utm_source=rss&b=2&a=1#xtor=RSS-1")
    '//example.org/p?a=1&b=2'
    >>> canonical("https://example.org/#!/p") == canonical("https://example.org/")
    False
    """
    try:
        parts = urlsplit(link)
        host, port = parts.hostname, parts.port
    except ValueError:  # such as a port that is no number
        return ""
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return ""
    place = _host(host) + (f":{port}" if port and port != _DEFAULT_PORTS[parts.scheme] else "")
    query = "&".join(sorted(_telling(parts.query), key=_name))
    fragment = parts.fragment if parts.fragment.startswith("!") else _fragment(parts.fragment)
    key = f"//{place}{_escaped(parts.path).rstrip('/')}"
    key += (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    if len(key) <= LONGEST_KEY:
        return key
    return f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"


def _host(host: str) -> str:
    name = host.rstrip(".").removeprefix("www.")
    try:
        return name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return name


def _telling(query: str) -> list[str]:
    return [_escaped(pair) for pair in query.split("&") if pair and not _is_tracking(_name(pair))]


def _fragment(fragment: str) -> str:
    shown = fragment.partition(":~:")[0]  # what follows only says where to scroll to
    if "=" in shown and not _telling(shown):
        return ""
    return _escaped(shown)


def _name(pair: str) -> str:
    return pair.partition("=")[0]


def _is_tracking(name: str) -> bool:
    small = name.lower()
    return small in _TRACKING or small.startswith(_TRACKING_PREFIXES)


def _escaped(text: str) -> str:
    return _ESCAPES.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    # A reserved character means something else when it is not escaped, so that it stays so.
    return quote(unquote_to_bytes(match.group()), safe="")
