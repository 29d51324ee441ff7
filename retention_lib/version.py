"""The version of the library: it is part of every answer's provenance."""

VERSION = "0.6.0"
