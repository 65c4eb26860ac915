"""Pictures of neurons, by hand: weights behind the oriented field, and means of images."""

from dataclasses import replace

import numpy as np

from golden.dense import core
from golden.report.neurons import mean_images
from golden.report.pictures import NEGATIVE, POSITIVE, pictures, projected
from tests.command.test_report import SMALL, run


def test_oriented_weights_are_projected_back_to_the_ink_they_want():
    p = replace(SMALL, height=7, width=7, receptive_field="oriented", rf_stride=3, w_max=100)
    assert (p.rf_rows, p.rf_columns, p.rf_top, p.rf_left) == (1, 1, 3, 3)
    east, west, south = np.eye(8, dtype=np.int64)[:3]
    pixels = projected(p, np.stack([east, -east, east + west, south]).T)
    rows, columns = (1, 4, 7, 8, 7, 4, 1), (-1, -2, -1, 0, 1, 2, 1)
    assert pixels[0].tolist() == np.multiply.outer(rows, columns).tolist()
    assert np.array_equal(pixels[1], -pixels[0])
    assert not pixels[2].any()
    assert np.array_equal(pixels[3], pixels[0].T)
    picture = pictures(p, east[:, np.newaxis])[0]
    assert picture[3, [1, 5]].tolist() == [[*NEGATIVE, 255], [*POSITIVE, 255]]


def test_means_are_of_the_images_that_a_neuron_won():
    outcome = run()
    model, images = outcome.model, outcome.dataset.train_images
    first = [
        core.present(model.params, model.state, image.astype(np.int64).ravel())[0].spikes[0]
        for image in images
    ]
    means = mean_images(outcome)
    for neuron in range(6):
        won = [
            image.astype(np.int64)
            for image, who in zip(images, first, strict=True)
            if who == neuron
        ]
        expected = sum(won) // len(won) if won else np.zeros((6, 6))
        assert np.array_equal(means[neuron], expected)
    assert len(set(first)) > 1
