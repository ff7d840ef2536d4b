"""Times, rules, cost and the referee of a day's plan, and the compiled step all of them share; pure functions."""
