# SPDX-License-Identifier: Apache-2.0
"""Pictures are compared where they can be: between drawings of one Matplotlib."""

from stalemark.common import chart_style, svg_pictures


def drawn(*heights):
    figure, grid = chart_style.canvas(chart_style.LIGHT, 2, 1, 1)
    grid[0, 0].plot(heights)
    return svg_pictures.svg(figure)


def test_the_same_figures_give_the_same_text():
    assert drawn(1, 3, 2) == drawn(1, 3, 2)


def test_other_figures_give_another_picture():
    assert not svg_pictures.are_alike(drawn(1, 3, 2), drawn(1, 3, 2.5))


def test_a_picture_of_another_version_cannot_be_told_from_ours():
    other = drawn(1, 3, 2.5).replace(svg_pictures.CREATOR, "Matplotlib 2.0")
    assert svg_pictures.are_alike(drawn(1, 3, 2), other)
    assert svg_pictures.are_alike(other, drawn(1, 3, 2))
