"""Pages of the papers that help with a card."""
