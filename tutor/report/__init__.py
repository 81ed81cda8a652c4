"""From events to what is read: the words of each event, a verdict's ground, the annotated article, the files."""
