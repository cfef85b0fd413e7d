"""Where Django looks for the filters of the plugin's templates."""
