"""What no extract says, written beside them: who is who, true journeys, what frictions cost.

Belongs here: working out and writing the truth. Does not belong here: the drop folder, making the world.
"""
