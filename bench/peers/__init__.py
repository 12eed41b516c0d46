"""Peers: other solvers on the same instances and the same objective as ours."""
