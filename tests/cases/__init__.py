"""Lines with the answers that were worked by hand, and the test that holds the two together."""
