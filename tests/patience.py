"""How long tests wait for what threads and processes do, until they give up."""

PATIENCE = 120.0
"""In seconds. What is waited for comes much sooner: how much says more about the machine, and
what else it does, than about us. So no test fails by this unless something never comes."""
