"""Who somebody is and how often they may try: staff accounts, links, marks, limits."""
