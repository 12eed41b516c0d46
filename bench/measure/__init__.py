"""Measuring: runs programs, reads their closing lines, and writes Markdown tables."""
