"""The instrument: six cards, each an aspect of good professional talk."""
