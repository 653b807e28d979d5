"""parcours: from CRM, web and survey extracts to audited releases on the customer journey."""

__version__ = "0.1.0"
