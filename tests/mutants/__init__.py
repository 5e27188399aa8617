"""What the tests would not notice: `make mutants`."""
