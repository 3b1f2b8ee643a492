"""Say by the exit status whether the fake answers."""

import os
from urllib.request import urlopen

urlopen(f"http://127.0.0.1:{os.environ.get('PORT', '443')}/_mock/health", timeout=2).close()
