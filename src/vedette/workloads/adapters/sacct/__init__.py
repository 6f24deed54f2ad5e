"""Jobs as Slurm accounts for them."""
