"""How fast dispatch is, as ratios that hold on any machine; `python -m benchmarks` measures."""
