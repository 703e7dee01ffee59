"""The program model: which value flows where within and between the functions of a repository."""
