"""The journal: what happened in every sitting, on disk before anything else happens with it, and read back.

| under the data folder | what it is |
|---|---|
| `learners/<learner>/<session>/<sitting>.jsonl` | the events of one sitting, a JSON object a line; it only grows |
| `learners/<learner>/<session>.<sitting>.draft.json` | a half-typed answer, replaced as a whole |
| `learners/<learner>/nickname` | whose folder it is; the folder's own name is made safe for every file system |
| `learners/<learner>/exports/` | what the learner keeps at the end of a lesson |
| `copies/<sha256>` | the bytes of lessons and articles that sessions refer to, once each |
| `learner` | the nickname used last on this machine |
| `opened` | when Closeread was last opened here, to know whether the clock can be trusted with removing what is old |

There are no locks: every sitting writes a file of its own, so two windows never contend. Files are for their owner
alone (0600, folders 0700).
"""

from tutor.journal.drafts import Draft
from tutor.journal.forgetting import Forgotten, Kept
from tutor.journal.journal import Journal
from tutor.journal.reading import Past
from tutor.journal.sitting import Sitting

__all__ = ["Draft", "Forgotten", "Journal", "Kept", "Past", "Sitting"]
