"""Persons and what they do until they have bought: missions, visits, clicks, orders, frictions of the site.

Belongs here: the buying process, its identities and its true chances. Does not belong here: what follows an order.
"""
