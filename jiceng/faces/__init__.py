"""Ways in and out: the workbench and the API. Faces compose what the areas offer; they hold no rules."""
