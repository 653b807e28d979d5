"""What follows an order and what people say: parcels, returns, cases, surveys, reviews, letters, points, contracts.

Belongs here: frames of the world that hang on orders and customers. Does not belong here: buying, writing anything.
"""
