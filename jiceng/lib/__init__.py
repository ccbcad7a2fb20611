"""Words and small machines that know nothing of the areas built on them."""
