"""What is proven of flags in the formats of vendors, one module for each; `evaluator.foreign` names them."""
