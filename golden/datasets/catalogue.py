"""Where the named data sets come from: addresses, SHA-256 sums, class names.

The sums are those of TensorFlow Datasets' ``url_checksums``. MNIST is distributed in several
compressions; the sums are of the original one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from golden.datasets.idx_folder import FOLDER_FILES


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetSource:
    """One named data set.

    Parameters
    ----------
    folder : str
        Folder of its files in the cache.
    mirrors : tuple of str
        Addresses of the folders to download from, in the order to try them, ending in "/".
    sha256 : mapping of str to str
        Files to download, and their SHA-256 sums in hexadecimal.
    class_names : tuple of str
        What the labels stand for.
    files : tuple of 4 str
        IDX files without ``.gz``, in the order of `FOLDER_FILES`.
    archive : str
        Zip file, among those to download, that holds the IDX files; "" = none.
    first_label : int
        What the files call class 0.
    transposed : bool
        The files store each image column by column.
    torchvision : str
        Folder in which torchvision keeps the files, below another.
    form : str
        How ink lies in the images: a key of `golden.datasets.form.FORMS`.
    """

    folder: str
    mirrors: tuple[str, ...]
    sha256: Mapping[str, str] = field(repr=False)
    class_names: tuple[str, ...]
    files: tuple[str, ...] = FOLDER_FILES
    archive: str = ""
    first_label: int = 0
    transposed: bool = False
    torchvision: str = ""
    form: str = "fill"


DIGITS = "0123456789"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DISTINCT_LOWER = "abdefghnqrt"
"""Lower-case letters that EMNIST's balanced and bymerge splits keep apart from the capitals."""


def _emnist(split: str, classes: str, first_label: int = 0) -> DatasetSource:
    return DatasetSource(
        folder="emnist",
        mirrors=(
            "https://biometrics.nist.gov/cs_links/EMNIST/",
            "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/",
        ),
        sha256={"gzip.zip": "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e"},
        class_names=tuple(classes),
        files=tuple(f"emnist-{split}-{name.replace('t10k', 'test')}" for name in FOLDER_FILES),
        archive="gzip.zip",
        first_label=first_label,
        transposed=True,
        torchvision="EMNIST/raw",
        form="emnist",
    )


def _ten_classes(
    folder: str, torchvision: str, mirrors: tuple[str, ...], sums: str, class_names: str
) -> DatasetSource:
    files = [f"{name}.gz" for name in FOLDER_FILES]
    return DatasetSource(
        folder=folder,
        mirrors=mirrors,
        sha256=dict(zip(files, sums.split(), strict=True)),
        class_names=tuple(class_names.split(",")),
        torchvision=f"{torchvision}/raw",
        form="mnist" if folder == "mnist" else "fill",
    )


SOURCES = {
    "mnist": _ten_classes(
        "mnist",
        "MNIST",
        (
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ),
        """
        440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609
        3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c
        8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6
        f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6
        """,
        "0,1,2,3,4,5,6,7,8,9",
    ),
    "fashion-mnist": _ten_classes(
        "fashion-mnist",
        "FashionMNIST",
        ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
        """
        3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84
        a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845
        346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073
        67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5
        """,
        "T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot",
    ),
    "kmnist": _ten_classes(
        "kmnist",
        "KMNIST",
        ("http://codh.rois.ac.jp/kmnist/dataset/kmnist/",),
        """
        51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4
        e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17
        edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5
        20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c
        """,
        "o,ki,su,tsu,na,ha,ma,ya,re,wo",
    ),
    "emnist": _emnist("balanced", DIGITS + UPPER + DISTINCT_LOWER),
    "emnist-letters": _emnist("letters", UPPER, first_label=1),
    "emnist-digits": _emnist("digits", DIGITS),
    "emnist-bymerge": _emnist("bymerge", DIGITS + UPPER + DISTINCT_LOWER),
    "emnist-byclass": _emnist("byclass", DIGITS + UPPER + UPPER.lower()),
}
"""The named data sets that are files, by name."""
