"""What all of the sample company stands on: scenarios, calendar, streams of chance, words, the shape of its frames.

Belongs here: what every other part reads. Does not belong here: any event of anybody's life.
"""
