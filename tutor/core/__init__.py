"""The pure core: lesson, words, rules, verdicts, events, session, policy and guard. No I/O, no clock, no await."""
