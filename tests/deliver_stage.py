"""Three people for an edition, and what may become of it."""

from datetime import timedelta

from dispatch.model.delivery.state import DeliveryState

LEASE = timedelta(minutes=2)
PEOPLE = ("ada@example.org", "bob@example.org", "eve@example.org")
ACCEPTED, UNKNOWN = DeliveryState.ACCEPTED, DeliveryState.UNKNOWN
PENDING, SENDING = DeliveryState.PENDING, DeliveryState.SENDING
