"""The extracts of the sample company: which row comes on which day, in which file, with which mess.

Belongs here: everything between the frames of a world and the drop folder. Does not belong here: making the world.
"""
