"""What an editor is told while files are written."""
