"""What could be meant by what is being typed: names of skills, roles, schools and languages."""
