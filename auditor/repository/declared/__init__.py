"""What a repository declares that it needs, in every kind of file and in prose."""
