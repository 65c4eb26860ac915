"""Data sets: 8-bit grey images with class labels, training and test images apart.

=====================  ============================================  =======  ============
name                   what                                          size     train / test
=====================  ============================================  =======  ============
``digits``             handwritten digits that scikit-learn brings   8 x 8    1198 / 599
``mnist``              handwritten digits                            28 x 28  60000 / 10000
``fashion-mnist``      articles of clothing                          28 x 28  60000 / 10000
``kmnist``             cursive Japanese characters                   28 x 28  60000 / 10000
``emnist``             digits and letters, the *balanced* split      28 x 28  112800 / 18800
``emnist-letters``     letters, upper and lower case merged          28 x 28  see below
``emnist-digits``      digits                                        28 x 28  240000 / 40000
``emnist-bymerge``     all characters, similar cases merged          28 x 28  697932 / 116323
``emnist-byclass``     all characters                                28 x 28  697932 / 116323
a folder               IDX files, or images                          any      any
=====================  ============================================  =======  ============

Published editions of EMNIST's letters differ in their counts; the file decides.

A *folder of IDX files* holds ``train-images-idx3-ubyte``, ``train-labels-idx1-ubyte``,
``t10k-images-idx3-ubyte`` and ``t10k-labels-idx1-ubyte``, each with or without ``.gz``; a dot
before ``idx`` and torchvision's folder ``raw`` are known.

A *folder of images* holds ``train/<class>/*`` and ``test/<class>/*``, or ``<class>/*`` alone, of
which every third image in sorted order is then held out as test image. Its images are brought to
the form of MNIST's (`golden.datasets.form`), unless told otherwise.

All but `digits` and folders are looked for in ``data_dir``, ``$GOLDSPIKE_DATA`` and the cache, in
this order, and downloaded to the cache if they are in none.
"""

from golden.datasets.dataset import DataError, Dataset
from golden.datasets.load import NAMES, load_dataset

__all__ = ["NAMES", "DataError", "Dataset", "load_dataset"]
