"""What is known of addresses: country, network, class of use and DPRK ranges, from dated lists compiled to sorted arrays.

Does not judge and never asks the network (``fetch.py`` of the room does). Grows by files in ``content/`` and by loading lists.
"""
