"""The Gradio interface: ask on the left, see the page behind every sentence on the right."""
