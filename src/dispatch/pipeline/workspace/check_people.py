"""Who is in the database and in no file, and who is made up: told before it is a surprise.

It costs little however many people there are: a large file and a large audience are only counted.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dispatch.channels.find import find_provider
from dispatch.channels.provider import Carries
from dispatch.config.files.line_numbers import dotted
from dispatch.config.files.problems import FileProblem, Severity
from dispatch.config.people.subscribers import FIRST, FOLDER, SubscriberFile, read_audience_files
from dispatch.config.schedules.load import FILE
from dispatch.config.workspace import Workspace
from dispatch.errors import NotFound
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.people.sample import RESERVED, SAMPLE_DOMAIN, is_reserved, is_sample
from dispatch.model.people.subscriber import email_key, is_noted, is_own_ground
from dispatch.store.transactions import Store, Transaction

ONE_BY_ONE = FIRST
"""Up to so many in a file and an audience people are compared; beyond that they are counted."""

LOOKED_AT = 50_000
"""People of the database whose domains `check` looks at: those who came first."""

MOST = 500
"""Made-up people who are counted; nobody has more of them."""

NAMED = 3

_RESERVED = [one if "." in one else f".{one}" for one in RESERVED]


class PeopleCheck:
    """Looks at one file after the other, keeps little of it, and says at the end what is odd."""

    def __init__(
        self,
        workspace: Workspace,
        campaigns: Collection[Campaign],
        store: Store,
        counts: Mapping[str, int] | None = None,
        *,
        domains: bool = False,
    ) -> None:
        """`counts` are how many are in each audience, where that is known.

        With `domains` also those are told, beside sample people, whose domain is nobody's.
        """
        self._counts = counts
        self._domains = domains
        self._workspace = workspace
        self._campaigns = [one for one in campaigns if one.email is not None]
        self._audiences = {one.email.audience for one in self._campaigns if one.email}
        self._store = store
        self._made_up: dict[str, set[str]] = {}  # audience to email keys, by its file
        self._found: list[FileProblem] = []
        self._seen: set[str] = set()

    def look_at(self, file: SubscriberFile) -> None:
        """One file as it was read."""
        if not file.readable or file.audience not in self._audiences:
            return
        self._seen.add(file.audience)
        made_up = filter(self._is_made_up, file.first)
        self._made_up[file.audience] = {email_key(one) for one in made_up}
        with self._store.read() as tx:
            self._found += self._in_no_file(file.audience, file.shown, file, tx)

    def problems(self) -> list[FileProblem]:
        """What is to be told, all of it notices; to be asked once, at the end."""
        found = list(self._found)
        with self._store.read() as tx:
            if read_audience_files(self._workspace.folder):
                for audience in sorted(self._audiences - self._seen):
                    name = f"{FOLDER}/{audience}.csv"
                    if not (self._workspace.folder / name).exists():
                        found += self._in_no_file(audience, name, None, tx)
            found += self._at_real_channels(tx)
        return list(dict.fromkeys(found))  # campaigns of a family have one place

    def _in_no_file(
        self, audience: str, shown: str, file: SubscriberFile | None, tx: Transaction
    ) -> Iterator[FileProblem]:
        """Whether there are people in an audience who are in no file, but for those by hand."""
        rows = file.people if file else 0
        number = (
            tx.subscribers.count_active(audience)
            if self._counts is None
            else self._counts.get(audience, 0)
        )
        beside = _Beside(number - rows)
        if number and max(number, rows) <= ONE_BY_ONE:
            beside = _compared(audience, file, tx)
        if beside.number > 0:
            yield _told(audience, shown, file, number, beside)

    def _is_made_up(self, email: str) -> bool:
        return is_sample(email) or (self._domains and is_reserved(email))

    def _at_real_channels(self, tx: Transaction) -> Iterator[FileProblem]:
        real = [(one, via) for one in self._campaigns if (via := _real(one, self._workspace))]
        if not real:
            return
        if self._domains:  # sample people are among them
            here = tx.roster.at_domains(_RESERVED, most=MOST, among=LOOKED_AT)
        else:
            here = tx.roster.at_domains([SAMPLE_DOMAIN], most=MOST)
        for campaign, via in real:
            audience = campaign.email.audience if campaign.email else ""
            people = sorted(_in(audience, here, self._made_up.get(audience, set()), tx))
            samples = [one for one in people if is_sample(one)]
            others = [one for one in people if is_reserved(one)]
            path = self._workspace.place_of(campaign, "email", "via")
            line, key = self._workspace.lines.of(*path), dotted(path)
            end = "'dispatch subscribers end EMAIL' takes them out"
            if samples:
                problem = f"{_number(samples, 'sample person', 'sample people')} in audience"
                problem += f" '{audience}' {_get(samples)} nothing by channel '{via}'"
                advice = f"only an outbox takes mail for @{SAMPLE_DOMAIN}; {end}"
                yield FileProblem(FILE, line, key, problem, advice, Severity.NOTICE)
            if others:
                problem = f"{_number(others, 'person', 'people')} in audience '{audience}'"
                problem += f" at domains that are nobody's, such as {others[0]}"
                advice = f"by channel '{via}' their mails are lost or come back; {end}"
                yield FileProblem(FILE, line, key, problem, advice, Severity.NOTICE)


@dataclass(frozen=True, slots=True)
class _Beside:
    """How many of an audience are in no file, and who; the others came by hand or by a form."""

    number: int
    some: tuple[str, ...] = ()
    by_hand: int = 0
    by_form: int = 0


def _compared(audience: str, file: SubscriberFile | None, tx: Transaction) -> _Beside:
    named = {email_key(one) for one in file.first} if file else set()
    active = tx.roster.active(audience, most=ONE_BY_ONE)
    absent = [key for key in active if key not in named]
    grounds = tx.roster.grounds(audience, [active[key] for key in absent])
    by_hand = {key for key in absent if is_noted(grounds.get(active[key], ""))}
    moved = tx.preferences.moved([active[key] for key in absent])
    by_form = {
        key for key in absent if is_own_ground(grounds.get(active[key], "")) or active[key] in moved
    } - by_hand
    some = sorted({*absent} - by_hand - by_form)
    return _Beside(len(some), tuple(some), len(by_hand), len(by_form))


def _told(
    audience: str, shown: str, file: SubscriberFile | None, number: int, beside: _Beside
) -> FileProblem:
    some, missing = beside.some, beside.number
    counts = [
        f"in audience '{audience}' {number}",
        f"in the file {file.people}" if file else "and there is no such file",
        *([f"noted by hand {beside.by_hand}"] if beside.by_hand else []),
        *([f"joined by a form {beside.by_form}"] if beside.by_form else []),
    ]
    names = ", ".join(some[:NAMED]) + (f" and {missing - NAMED} more" if missing > NAMED else "")
    which = f"{missing} in no file ({names})" if some else f"at least {missing} in no file"
    advice = "they get it all the same; 'dispatch subscribers end EMAIL' takes somebody out, "
    advice += f"'dispatch subscribers export {audience}' writes down who is there"
    problem = f"{', '.join(counts)}: {which}"
    return FileProblem(shown, None, "", problem, advice, Severity.NOTICE)


def _in(audience: str, here: set[str], by_file: set[str], tx: Transaction) -> set[str]:
    """Those of the made-up people who are in an audience, or come in with its file."""
    known = tx.roster.in_audience(audience, sorted(here | by_file))
    return {key for key, active in known.items() if active} | {
        key for key in by_file if key not in known
    }


def _real(campaign: Campaign, workspace: Workspace) -> str:
    """The first of a campaign's channels for mail that leaves this machine, or empty."""
    if campaign.email is None:
        return ""
    for name in (campaign.email.via, *campaign.email.failover):
        try:
            can = find_provider(workspace.channels[name].provider).capabilities
        except (NotFound, KeyError):
            continue  # told where the channel is
        if Carries.EMAIL in can.carries and not can.stays_here:
            return name
    return ""


def _number(people: Sequence[str], one: str, more: str) -> str:
    return f"1 {one}" if len(people) == 1 else f"{len(people)} {more}"


def _get(people: Sequence[str]) -> str:
    return "gets" if len(people) == 1 else "get"
