# SPDX-License-Identifier: Apache-2.0
"""What the programs of scripts/ are made of.

common       command lines, results and how they are compared, numbers, histograms, files
matrix       the decision matrix: figures, verdicts, the answer and its advice, capacity
guarantees   what exploring schedules proves or breaks, and which result it is of
recommend    which protocol meets an application's requirements
report       the page
compare      two builds: has anything become worse?
merge        one result of several processes
export       formats of other tools
predictions  what mathematics says of a run
races        the stories of races, how often they happen, and what cures them
"""
