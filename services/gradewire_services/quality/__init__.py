"""How good a program is beside correct: its size, what a linter finds, how complex it is, how fast it runs.

measure   runs in a box, on the program's text
analysis  has it run, and reads what it found
speed     a program's CPU time beside a reference program's
scores    measurements as scores in [0, 1]
"""
