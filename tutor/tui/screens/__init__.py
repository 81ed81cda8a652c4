"""The screens: library, lesson, end, and the dialogs above them."""
