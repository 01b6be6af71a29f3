"""All measurements, one after the other: `make bench`, or some: `make bench ARGS="--only 1 6"`."""

from benchmarks import command, goal_1, goal_2, goal_3, goal_4, goal_6, goal_7, goal_8, goal_9, goal_11

if __name__ == "__main__":
    command.main(*(goal.measure for goal in (goal_1, goal_2, goal_3, goal_4, goal_6, goal_7, goal_8, goal_9, goal_11)))
