"""Orderwright: order management for makers, processors and sellers of physical goods."""
