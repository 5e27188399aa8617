"""APScheduler as a clock that ticks; runs are rows, not its jobs."""
