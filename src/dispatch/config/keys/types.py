"""The values that keys of schedules.yaml may have: what they mean, and their JSON Schema."""

from datetime import date, time, timedelta
from typing import Annotated

from pydantic import AfterValidator, PlainValidator, WithJsonSchema

from dispatch.config.files.addresses import checked_address
from dispatch.config.values import columns as column_words
from dispatch.config.values import schedule as schedule_words
from dispatch.config.values import simple as words
from dispatch.config.values.holiday_files import DayOff
from dispatch.config.values.holidays_by_country import COUNTRY
from dispatch.model.campaigns.days import WEEKDAYS, MonthDay
from dispatch.model.campaigns.sending_hours import QuietHours
from dispatch.model.intake.feed import Backfill
from dispatch.model.people.subscriber import SubscriptionState

DURATION = {"type": "string", "pattern": f"^{words.DURATION.pattern}$"}
_LONG_TIME = {"type": "string", "pattern": f"^{words.LONG_TIME.pattern}$"}
_NAME = {"type": "string", "pattern": f"^{words.NAME.pattern}$"}
_TEXT = {"type": "string"}
_TIME = {"type": "string", "pattern": f"^{words.CLOCK_TIME.pattern}$"}
_DATE = {"type": "string", "pattern": f"^{schedule_words.DATE.pattern}$"}
_ICS = {"type": "string", "pattern": r"^file:.+\.ics$"}
_COUNTRY = {"type": "string", "pattern": f"^{COUNTRY.pattern}$"}
_DAY_OFF = {"anyOf": [_DATE, _ICS, _COUNTRY]}

Name = Annotated[
    str,
    AfterValidator(words.name),
    WithJsonSchema(_NAME),
]
Text = Annotated[str, AfterValidator(words.line_of_text)]
Email = Annotated[
    str, AfterValidator(checked_address), WithJsonSchema({"type": "string", "format": "email"})
]
Domain = Annotated[str, AfterValidator(words.mail_domain)]
Selector = Annotated[str, AfterValidator(words.selector)]
Timezone = Annotated[str, AfterValidator(words.timezone)]
Locale = Annotated[str, AfterValidator(words.locale)]
PublicUrl = Annotated[
    str,
    AfterValidator(words.public_address),
    WithJsonSchema({"type": "string", "pattern": "^https?://"}),
]
FeedUrl = Annotated[
    str,
    AfterValidator(words.feed_address),
    WithJsonSchema({"type": "string", "pattern": "^(https?://|file:)"}),
]
Duration = Annotated[timedelta, PlainValidator(words.duration), WithJsonSchema(DURATION)]
LongTime = Annotated[timedelta, PlainValidator(words.long_time), WithJsonSchema(_LONG_TIME)]
At = Annotated[
    tuple[time, ...],
    PlainValidator(schedule_words.times),
    WithJsonSchema({"anyOf": [_TIME, {"type": "array", "items": _TIME, "minItems": 1}]}),
]
Every = Annotated[
    frozenset[int] | int | str,
    PlainValidator(schedule_words.every),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(schedule_words.EVERY_WORDS)},
                {"type": "string", "pattern": f"^{schedule_words.WEEKS.pattern}$"},
                {"type": "array", "items": {"enum": list(WEEKDAYS)}, "minItems": 1},
            ]
        }
    ),
]
On = Annotated[
    tuple[MonthDay | int, ...] | str,
    PlainValidator(schedule_words.on),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": _TEXT, "minItems": 1}]}
    ),
]
Day = Annotated[date, PlainValidator(schedule_words.day), WithJsonSchema(_DATE)]
DaysOff = Annotated[
    tuple[DayOff, ...],
    PlainValidator(schedule_words.days_off),
    WithJsonSchema(
        {
            "anyOf": [
                _DATE,
                _ICS,
                _COUNTRY,
                {"type": "array", "items": _DAY_OFF, "minItems": 1},
            ]
        }
    ),
]
_FROM_TO = WithJsonSchema(
    {
        "type": "string",
        "pattern": f"^({words.CLOCK_TIME.pattern})-({words.CLOCK_TIME.pattern})$",
    }
)
Quiet = Annotated[QuietHours, PlainValidator(schedule_words.quiet), _FROM_TO]
Hours = Annotated[QuietHours, PlainValidator(schedule_words.hours), _FROM_TO]
"""The same words: from one local time to another."""
CronLine = Annotated[
    schedule_words.Cron, PlainValidator(schedule_words.cron), WithJsonSchema(_TEXT)
]
BackfillWord = Annotated[
    Backfill,
    PlainValidator(words.backfill),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0},
                {"type": "string", "pattern": r"^(none|all|since \d{4}-\d\d-\d\d)$"},
            ]
        }
    ),
]
AtMost = Annotated[
    int | None,
    PlainValidator(words.at_most),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "none"}]}),
]
Rate = Annotated[
    float,
    PlainValidator(words.rate),
    WithJsonSchema({"type": "number", "minimum": words.SLOWEST, "maximum": words.FASTEST}),
]
Share = Annotated[
    float,
    PlainValidator(words.share),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "pattern": f"^{words.SHARE.pattern}$"}, {"const": "never"}]}
    ),
]
ChannelNames = Annotated[
    tuple[str, ...],
    PlainValidator(words.channels),
    WithJsonSchema(
        {"anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1, "uniqueItems": True}]}
    ),
]


People = Annotated[
    tuple[str, ...],
    PlainValidator(words.people),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True},
            ]
        }
    ),
]
Addresses = Annotated[
    tuple[str, ...],
    PlainValidator(words.addresses),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "email"},
                {
                    "type": "array",
                    "items": {"type": "string", "format": "email"},
                    "minItems": 1,
                    "uniqueItems": True,
                },
            ]
        }
    ),
]
ColumnRule = Annotated[
    str | dict[str, SubscriptionState],
    PlainValidator(column_words.column_rule),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(column_words.RULES)},
                {
                    "type": "object",
                    "additionalProperties": {"enum": list(column_words.STATES)},
                    "minProperties": 1,
                },
            ]
        }
    ),
]
