"""Makes the builders, the slow interpreter and the generators of this folder importable by its tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
