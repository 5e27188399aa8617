"""Readers get the same by every vendor, whatever a template does and whatever is in it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dataclasses import replace

from dispatch.testing.samples import a_post
from providers.test_same_text import TRAPS
from render.render_samples import an_edition
from templates_and_readers import ODD_TEXTS, READERS, TEXTS, templates
from vendors.every import EVERY
from vendors.same_text import readings
