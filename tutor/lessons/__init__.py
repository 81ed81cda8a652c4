"""YAML to lesson, with file, line and column on every mistake; and the library of lessons on this machine."""
