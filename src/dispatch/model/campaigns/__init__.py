"""Campaigns: their schedules, rules and cadences."""
