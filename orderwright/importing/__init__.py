"""Imports: files of customers, products, inventory and orders become records."""
