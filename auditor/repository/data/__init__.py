"""Where the data of the experiments come from, and how they are described."""
