"""What the benchmarks of judges share, and the contestant that runs in vLLM's environment."""
