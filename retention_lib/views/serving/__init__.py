"""Serving the workbooks: which there are, their kernels, their pages and the server itself."""
