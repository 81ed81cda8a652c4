"""What a person can set: folders, the look, the model. Read once at the start and passed down.

The command line counts first, then the environment, then the settings file; what none of them names has a default. A
lesson can set nothing of this.
"""

from tutor.settings.folders import default_config_file, default_data_dir
from tutor.settings.loading import load_settings
from tutor.settings.values import (
    JUDGES,
    NAMES,
    SPEAKERS,
    THEMES,
    Endpoint,
    JudgeChoice,
    Settings,
    SpeakerChoice,
    Theme,
)

__all__ = [
    "JUDGES",
    "NAMES",
    "SPEAKERS",
    "THEMES",
    "Endpoint",
    "JudgeChoice",
    "Settings",
    "SpeakerChoice",
    "Theme",
    "default_config_file",
    "default_data_dir",
    "load_settings",
]
