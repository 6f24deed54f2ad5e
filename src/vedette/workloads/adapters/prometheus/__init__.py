"""GPU telemetry as Prometheus answers it."""
