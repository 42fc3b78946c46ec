"""The rules, one per module; the file name carries code and name, so that selecting a rule imports no other."""
