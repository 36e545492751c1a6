"""What a question asks: checked, made to stand alone, its parts, the reports and places it means."""
