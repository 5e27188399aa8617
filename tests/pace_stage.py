"""What tests of a pace say in short."""

from datetime import timedelta

from dispatch.model.delivery.state import DeliveryState

LEASE = timedelta(minutes=2)
ACCEPTED, PENDING = DeliveryState.ACCEPTED, DeliveryState.PENDING
