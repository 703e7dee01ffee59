"""`python -m auditor` is the same program as `auditor`."""

import sys

if __name__ == "__main__":
    # `python -m` puts the folder in which the user stands first on the module path, and that may be the audited
    # repository: its `yaml.py` would be imported and so executed. The console script has no such entry.
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]
    from auditor.cli import main

    main()
