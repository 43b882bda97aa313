"""What the faces share: each thing that a person can have done, whichever face they do it in.

The command line, the interview and the pages call these and add nothing but layout: how a collaboration is found by a
part of its name, what an erasure leaves behind, or when a workshop's figures may be shown is decided once, here. A use
case takes an open `Store` and an open `Bank`, which its caller opens and closes, and returns values. Nothing here asks,
prints or opens a socket. What a use case refuses is an `AssessorError` that every face can show as it is.
"""
