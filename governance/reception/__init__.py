"""People who are here for a day: how they arrive, read a short set, are seen by the front desk, and leave."""
