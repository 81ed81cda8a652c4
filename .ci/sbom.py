"""Writes sbom.cdx.json from what cyclonedx-py saw in an environment: python .ci/sbom.py SEEN WRITTEN

Left out is what each package says of itself in addresses (its pages, its issues, its place in a registry): it tells
nothing of what is installed, and changes often.
"""

import json
import sys
from pathlib import Path
from typing import Any

LEFT_OUT = ("externalReferences", "evidence", "properties")

# Packages whose metadata hold a licence's whole text where its name belongs, so that cyclonedx-py finds none.
LICENCES = {"tiktoken": "MIT"}


def main(seen: Path, written: Path) -> None:
    """Write the bill of materials."""
    bill = json.loads(seen.read_text(encoding="utf-8"))
    tools = bill["metadata"]["tools"]["components"]
    for component in (*tools, *bill["components"]):
        for field in LEFT_OUT:
            component.pop(field, None)
        if component["name"] in LICENCES:
            component.setdefault("licenses", [_licence(LICENCES[component["name"]])])
    written.write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def _licence(name: str) -> dict[str, Any]:
    return {"license": {"acknowledgement": "concluded", "id": name}}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
