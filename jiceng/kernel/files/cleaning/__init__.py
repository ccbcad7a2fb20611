"""Makes a file that somebody sent fit to be kept, and reads the text in it: in a child process with limits.

`outside` is our side; `child` is the program, which knows nothing of the platform; `images`, `office` and `pdf` are
what it does with each kind of file.
"""
