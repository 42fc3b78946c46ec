"""What the tests of the reference analysis share: small projects that say in comments what is to be found in them."""
