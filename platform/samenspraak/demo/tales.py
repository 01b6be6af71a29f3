"""What the groups of the demo did this school year, in the order in which it is told."""

from samenspraak.demo import beuk, wilg

TALES = (wilg.READING, wilg.MATHS, wilg.YOUNG, wilg.HOME, beuk.SPELLING, beuk.WORLD, beuk.ELSEWHERE)
