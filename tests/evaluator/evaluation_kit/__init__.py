"""What the tests of the evaluator share."""
