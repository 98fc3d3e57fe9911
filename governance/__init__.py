"""Countersign: policies adopted, read and reviewed, with the evidence kept."""
