"""The teacher's tools. What they need is handed in: which judge, which lessons."""
