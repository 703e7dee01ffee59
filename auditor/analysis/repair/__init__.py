"""What closes a fault in a program, written as code: on the author's own lines, in the author's own names."""
