"""Language models: the only room that imports litellm. Prompts, budget, the client, and what to do when it fails."""
